// The round trip of bench/RoundTrip/Workload.cs on the event queue of ns-3, with its default
// scheduler: each step schedules the next. Arguments: pairs, round trips per pair. Prints virtual
// end and wall time in ns.
#include <chrono>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <ns3/core-module.h>

using ns3::Simulator;
using ns3::Time;

enum Party { A, S, B };

static int running;
static int64_t end_of_work;

struct Pair {
    const Time hold = ns3::NanoSeconds(5);
    const Time latency = ns3::NanoSeconds(10);
    long left = 0;
    Party from = A;

    void client_holds() { Simulator::Schedule(hold, &Pair::client_sends, this); }
    void client_sends() { Simulator::Schedule(latency, &Pair::server_receives, this, A); }

    void client_receives() {
        if (--left > 0) {
            client_holds();
        } else if (--running == 0) {
            end_of_work = Simulator::Now().GetNanoSeconds();
            Simulator::Stop();
        }
    }

    void server_receives(Party sender) {
        from = sender;
        Simulator::Schedule(hold, &Pair::server_sends, this);
    }

    void server_sends() {
        Simulator::Schedule(
            latency, from == A ? &Pair::backend_receives : &Pair::client_receives, this);
    }

    void backend_receives() { Simulator::Schedule(hold, &Pair::backend_sends, this); }
    void backend_sends() { Simulator::Schedule(latency, &Pair::server_receives, this, B); }
};

int main(int, char** arguments) {
    running = std::atoi(arguments[1]);
    std::vector<Pair> pairs(running);
    for (auto& pair : pairs) {
        pair.left = std::atol(arguments[2]);
        pair.client_holds();
    }

    const auto began = std::chrono::steady_clock::now();
    Simulator::Run();
    const std::chrono::duration<double, std::nano> wall = std::chrono::steady_clock::now() - began;
    std::printf("%" PRId64 " %.0f\n", end_of_work, wall.count());
    Simulator::Destroy();
    return 0;
}
