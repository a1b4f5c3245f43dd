using System.Text;
using Abi.Costs;
using Abi.Posix;
using CsvHelper;
using Records;
using Telemetry.Calls;

namespace Telemetry.Tests;

public sealed class CallTableTests
{
    private static readonly RunDescription s_run = new(
        2_000_000_000, 1, [new("file-server", "file-server"), new("program", ""),
        new("kernel", "kernel")], []);

    private static string Written(Action<CallTable> write)
    {
        using var output = new MemoryStream();
        using (var table = new CallTable(output, "microkernel"))
        {
            table.Describe(s_run);
            table.IsUp(1_000);
            write(table);
        }

        return Encoding.UTF8.GetString(output.ToArray());
    }

    private static StartedCall Call(
        long request, PosixCall call, long a, long b, long c, string text, long began) =>
        new(request, 3, "reader", 7, request + 4, call, a, b, c, text, began);

    private static RequestStep Step(
        RequestStepKind kind, int detail, long cycles = 0, long count = 0) =>
        new(1, kind, 0, cycles, 0, 7, 2, detail, count);

    [Fact]
    public void A_row_has_the_call_its_times_its_crossings_and_its_bill()
    {
        var lines = Written(table =>
        {
            table.Begins(Call(1, PosixCall.Read, 3, 4096, 0, "", 1_101));
            table.Step(Step(RequestStepKind.Entered, (int)Crossing.Ipc));
            table.Step(Step(RequestStepKind.Entered, (int)Crossing.ProcedureCall));
            table.Step(Step(RequestStepKind.Entered, (int)Crossing.Ipc));
            table.Step(Step(RequestStepKind.Charged, (int)Part.TrapEnter, 130, 2));
            table.Step(Step(RequestStepKind.Charged, (int)Part.AddressSpaceSwitch, 100, 1));
            table.Step(Step(RequestStepKind.Charged, (int)Part.TrapEnter, -65, -1));
            table.Step(Step(RequestStepKind.Waited, (int)Cause.DeviceService, 35));
            table.Ends(1, 512, 1_301);
        }).Split("\r\n");
        Assert.Equal(3, lines.Length);
        Assert.Equal("", lines[2]);
        var row = lines[0].Split(',').Zip(
                lines[1].Replace("\"3, \"\"\"\"..., 4096\"", "ARGS", StringComparison.Ordinal)
                    .Split(','))
            .Where(cell => cell.Second is not "0").ToDictionary();
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["placement"] = "microkernel",
                ["process"] = "reader",
                ["pid"] = "3",
                ["position"] = "5",
                ["call"] = "read",
                ["args"] = "ARGS",
                ["result"] = "512",
                ["errno"] = "",
                ["begin_ns"] = "51",
                ["end_ns"] = "151",
                ["latency_ns"] = "100",
                ["begin_cycles"] = "101",
                ["latency_cycles"] = "200",
                ["ipc_crossings"] = "2",
                ["procedure_call_crossings"] = "1",
                ["mode_switch_cycles"] = "65",
                ["address_space_switch_cycles"] = "100",
                ["device_service_cycles"] = "35",
            },
            row);
    }

    [Fact]
    public void The_columns_are_fixed_and_end_with_every_cause() =>
        Assert.Equal(
            Enum.GetValues<Cause>().Select(
                cause => cause.Name().Replace('-', '_') + "_cycles"),
            CallTable.Columns.TakeLast(Causes.Count));

    [Fact]
    public void Whatever_a_path_contains_another_reader_gets_it_back()
    {
        var text = Written(table =>
        {
            table.Begins(Call(1, PosixCall.Rmdir, 0, 0, 0, "/a,\"b\"\r\nc", 1_000));
            table.Ends(1, -2, 1_002);
        });
        using var reader = CsvReader.Create(new StringReader(text));
        Assert.True(reader.Read());
        Assert.Equal("\"/a,\\\"b\\\"\\r\\nc\"", reader.GetString("args"));
        Assert.Equal("ENOENT", reader.GetString("errno"));
        Assert.Equal("-1", reader.GetString("result"));
        Assert.False(reader.Read());
    }

    [Fact]
    public void A_call_that_never_returns_has_no_row()
    {
        var text = Written(table =>
        {
            table.Begins(Call(1, PosixCall.Wait, 1, 0, 0, "", 1_000));
            table.Ends(1, null, 1_500);
        });
        Assert.Equal(1, text.Split("\r\n").Count(line => line.Length > 0));
    }
}
