# Cross build for aarch64 Linux with Debian's gcc-aarch64-linux-gnu and, for the bridge,
# g++-aarch64-linux-gnu; tests run under qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
find_program(AARCH64_CXX aarch64-linux-gnu-g++)
if(AARCH64_CXX)
  set(CMAKE_CXX_COMPILER ${AARCH64_CXX})
endif()
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L /usr/aarch64-linux-gnu)
