/* What the bridge uses of it. */
#ifndef JANE_DARWIN_DLFCN_H
#define JANE_DARWIN_DLFCN_H

#define RTLD_NOW 2

void *dlopen(const char *path, int mode);
void *dlsym(void *library, const char *symbol);
int dlclose(void *library);
char *dlerror(void);

#endif
