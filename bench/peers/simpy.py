# The round trip of bench/RoundTrip/Workload.cs on SimPy 2.3.1, the one that Debian packages: each
# party a process (generator). Arguments: pairs, round trips per pair. Prints virtual end and wall
# time in ns.
import sys
import time

from SimPy.Simulation import Process, Simulation, hold, passivate

HOLD = 5
LATENCY = 10

pairs = int(sys.argv[1])
trips = int(sys.argv[2])
simulation = Simulation()
running = pairs


class Client(Process):
    def program(self):
        global running
        for _ in range(trips):
            yield hold, self, HOLD
            self.server.sender = self
            simulation.reactivate(self.server, delay=LATENCY)
            yield passivate, self
        running -= 1
        if running == 0:
            simulation.stopSimulation()


class Server(Process):
    def program(self):
        while True:
            yield passivate, self
            sender = self.sender
            yield hold, self, HOLD
            receiver = self.backend if sender is self.client else self.client
            simulation.reactivate(receiver, delay=LATENCY)


class Backend(Process):
    def program(self):
        while True:
            yield passivate, self
            yield hold, self, HOLD
            self.server.sender = self
            simulation.reactivate(self.server, delay=LATENCY)


for _ in range(pairs):
    client, server = Client(sim=simulation), Server(sim=simulation)
    backend = Backend(sim=simulation)
    client.server = backend.server = server
    server.client, server.backend = client, backend
    for process in (server, backend, client):
        simulation.activate(process, process.program())

began = time.perf_counter()
simulation.simulate(until=1e15)
wall = (time.perf_counter() - began) * 1e9
print("%.0f %.0f" % (simulation.now(), wall))
