/* What the bridge uses of it. */
#ifndef JANE_DARWIN_UNISTD_H
#define JANE_DARWIN_UNISTD_H

int usleep(unsigned int microseconds);

#endif
