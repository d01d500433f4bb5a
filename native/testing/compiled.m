// What the stand-in's compiler makes of a program's folder: a copy of its files, from which the
// program runs. So what is overwritten in the folder reaches it at a load, or not at all.
#import "neural.h"

#include <pthread.h>

/* Equal programs of several threads have one folder. */
static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
static int32_t reload_kind;
static int64_t copies; // made at loads, in this process: no two are of one name

void standin_set_reload(int32_t kind) {
    reload_kind = kind;
}

static NSFileManager *files(void) {
    return [NSFileManager defaultManager];
}

// Paths of the files that the compiler reads, in the folder.
static NSArray *sources(NSString *folder) {
    NSMutableArray *found = [NSMutableArray array];
    for (NSString *path in [files() subpathsAtPath:folder]) {
        BOOL isFolder = NO;
        [files() fileExistsAtPath:[folder stringByAppendingPathComponent:path] isDirectory:&isFolder];
        if (!isFolder && ![path hasPrefix:@"compiled-"] && ![path isEqual:@"net.plist"]) {
            [found addObject:path];
        }
    }
    return found;
}

static NSDictionary *attributes(NSString *folder, NSString *path) {
    return [files() fileAttributesAtPath:[folder stringByAppendingPathComponent:path] traverseLink:YES];
}

// Unless it is there already.
static void copy_file(NSString *from, NSString *to, NSString *path) {
    NSString *target = [to stringByAppendingPathComponent:path];
    NSString *source = [from stringByAppendingPathComponent:path];
    if ([files() contentsEqualAtPath:source andPath:target]) {
        return;
    }
    [files() createDirectoryAtPath:[target stringByDeletingLastPathComponent]
        withIntermediateDirectories:YES
                         attributes:nil
                              error:NULL];
    [[NSData dataWithContentsOfFile:source] writeToFile:target atomically:NO];
}

NSString *neural_copy(NSString *folder) {
    NSString *copy = [folder stringByAppendingPathComponent:@"compiled-0"];
    pthread_mutex_lock(&one);
    for (NSString *path in sources(folder)) {
        copy_file(folder, copy, path);
    }
    pthread_mutex_unlock(&one);
    return copy;
}

NSDictionary *neural_inodes(NSString *folder) {
    NSMutableDictionary *found = [NSMutableDictionary dictionary];
    for (NSString *path in sources(folder)) {
        [found setObject:[NSNumber numberWithUnsignedLong:[attributes(folder, path) fileSystemFileNumber]]
                  forKey:path];
    }
    return found;
}

BOOL neural_same_sizes(NSString *folder, NSString *copy) {
    BOOL same = YES;
    pthread_mutex_lock(&one);
    for (NSString *path in sources(folder)) {
        NSDictionary *before = attributes(copy, path);
        same &= before == nil || [before fileSize] == [attributes(folder, path) fileSize];
    }
    pthread_mutex_unlock(&one);
    return same;
}

NSString *neural_copy_again(NSString *folder, NSString *copy, NSDictionary *inodes) {
    if (![files() fileExistsAtPath:copy]) {
        return neural_copy(folder); // somebody cleaned up
    }
    if (reload_kind != STANDIN_FRESH) {
        return copy;
    }
    pthread_mutex_lock(&one);
    NSString *name = [NSString stringWithFormat:@"compiled-r%lld", (long long)++copies];
    NSString *again = [folder stringByAppendingPathComponent:name];
    NSDictionary *now = neural_inodes(folder);
    for (NSString *path in now) {
        BOOL same = [[now objectForKey:path] isEqual:[inodes objectForKey:path]];
        copy_file(same ? folder : copy, again, path); // one that was replaced is not seen
    }
    pthread_mutex_unlock(&one);
    return again;
}
