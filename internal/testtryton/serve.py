"""Runs a script as Python would, and ends when its standard input does: a
server does not outlive the test that started it, however that ended.

    python3 -c SOURCE SCRIPT [ARGUMENT...]
"""
import os
import runpy
import sys
import threading


def watch():
    while os.read(0, 1024):
        pass
    os._exit(1)


threading.Thread(target=watch, daemon=True).start()
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name='__main__')
