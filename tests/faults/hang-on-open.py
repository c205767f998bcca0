# Whoever opens the file waits, as on a mount that hangs, until this process ends: nobody answers for it (fanotify(7)).
import ctypes, os, sys, time

FAN_CLASS_CONTENT, FAN_MARK_ADD, FAN_OPEN_PERM, AT_FDCWD = 4, 1, 0x10000, -100
libc = ctypes.CDLL(None, use_errno=True)
libc.fanotify_mark.argtypes = [ctypes.c_int, ctypes.c_uint, ctypes.c_uint64, ctypes.c_int, ctypes.c_char_p]
group = libc.fanotify_init(FAN_CLASS_CONTENT, os.O_RDONLY)
if group < 0 or libc.fanotify_mark(group, FAN_MARK_ADD, FAN_OPEN_PERM, AT_FDCWD, sys.argv[1].encode()) < 0:
    sys.exit(os.strerror(ctypes.get_errno()))
print('hangs', flush=True)
time.sleep(3600)
