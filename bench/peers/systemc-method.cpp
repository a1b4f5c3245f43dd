// The round trip of bench/RoundTrip/Workload.cs with SystemC methods: each party a state machine
// that is called when its event occurs. Arguments: pairs, round trips per pair. Prints virtual end
// and wall time in ns.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <systemc>

using namespace sc_core;

enum Party { A, S, B };
enum State { Starting, Holding, Receiving };

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
    long left;
    Mailbox a, s, b;
    State a_state = Starting, s_state = Starting, b_state = Starting;
    Party from = A;

    SC_HAS_PROCESS(Pair);
    Pair(sc_module_name name, long trips) : sc_module(name), left(trips) {
        SC_METHOD(client);
        SC_METHOD(server);
        SC_METHOD(backend);
    }

    void client() {
        switch (a_state) {
        case Holding:
            s.send(A, latency);
            a_state = Receiving;
            next_trigger(a.arrived);
            return;
        case Receiving:
            if (--left == 0) {
                if (--running == 0) {
                    end_of_work = sc_time_stamp();
                    sc_stop();
                }
                return;
            }
            [[fallthrough]];
        case Starting:
            a_state = Holding;
            next_trigger(hold);
            return;
        }
    }

    void server() {
        switch (s_state) {
        case Receiving:
            from = s.from;
            s_state = Holding;
            next_trigger(hold);
            return;
        case Holding:
            (from == A ? b : a).send(S, latency);
            [[fallthrough]];
        case Starting:
            s_state = Receiving;
            next_trigger(s.arrived);
            return;
        }
    }

    void backend() {
        switch (b_state) {
        case Receiving:
            b_state = Holding;
            next_trigger(hold);
            return;
        case Holding:
            s.send(B, latency);
            [[fallthrough]];
        case Starting:
            b_state = Receiving;
            next_trigger(b.arrived);
            return;
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
