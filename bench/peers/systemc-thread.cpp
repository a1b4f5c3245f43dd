// The round trip of bench/RoundTrip/Workload.cs with SystemC threads: straight-line code, each
// party a coroutine. Arguments: pairs, round trips per pair. Prints virtual end and wall time in
// ns.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <systemc>

using namespace sc_core;

enum Party { A, S, B };

struct Mailbox {
    sc_event arrived;
    Party from;

    void send(Party sender, const sc_time& latency) {
        from = sender;
        arrived.notify(latency);
    }
};

static int running;
static sc_time end_of_work;

struct Pair : sc_module {
    const sc_time hold{5, SC_NS};
    const sc_time latency{10, SC_NS};
    const long trips;
    Mailbox a, s, b;

    SC_HAS_PROCESS(Pair);
    Pair(sc_module_name name, long trips) : sc_module(name), trips(trips) {
        SC_THREAD(client);
        SC_THREAD(server);
        SC_THREAD(backend);
    }

    void client() {
        for (long trip = 0; trip < trips; trip++) {
            wait(hold);
            s.send(A, latency);
            wait(a.arrived);
        }
        if (--running == 0) {
            end_of_work = sc_time_stamp();
            sc_stop();
        }
    }

    void server() {
        for (;;) {
            wait(s.arrived);
            const Party from = s.from;
            wait(hold);
            (from == A ? b : a).send(S, latency);
        }
    }

    void backend() {
        for (;;) {
            wait(b.arrived);
            wait(hold);
            s.send(B, latency);
        }
    }
};

int sc_main(int, char** arguments) {
    sc_report_handler::set_actions(SC_INFO, SC_DO_NOTHING);
    running = std::atoi(arguments[1]);
    const long trips = std::atol(arguments[2]);
    std::vector<std::unique_ptr<Pair>> pairs;
    for (int i = 0; i < running; i++)
        pairs.push_back(std::make_unique<Pair>(("pair" + std::to_string(i)).c_str(), trips));

    sc_start(SC_ZERO_TIME);
    const auto began = std::chrono::steady_clock::now();
    sc_start();
    const std::chrono::duration<double, std::nano> wall = std::chrono::steady_clock::now() - began;
    std::printf("%.0f %.0f\n", end_of_work.to_seconds() * 1e9, wall.count());
    return 0;
}
