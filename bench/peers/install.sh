#!/bin/sh
# The simulators that bench compares with, from Debian or Ubuntu.
set -e
apt-get update
apt-get install -y g++ libsystemc-dev libns3-dev python3-simpy
