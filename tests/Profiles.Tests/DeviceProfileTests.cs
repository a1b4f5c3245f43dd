using Scenarios;
using Scenarios.Profiles;

namespace Profiles.Tests;

public sealed class DeviceProfileTests
{
    public static TheoryData<string> Names => [.. DeviceProfiles.Names.Select(each => each.Name)];

    private static string Good(string name) =>
        File.ReadAllText(Path.Combine(DeviceProfiles.Directory, name + ".yaml"));

    private static IReadOnlyList<Diagnostic> Refuse(string text, string path = "nvme.yaml")
    {
        var result = DeviceProfiles.LoadText(text, path);
        Assert.Null(result.Device);
        Assert.NotEmpty(result.Diagnostics);
        return result.Diagnostics;
    }

    private static string Replace(string name, string old, string @new)
    {
        var good = Good(name);
        Assert.Contains(old, good, StringComparison.Ordinal);
        return good.Replace(old, @new, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_figure_and_row_of_a_device_has_a_source(string name)
    {
        var device = DeviceProfiles.Find(name).Device!;
        Assert.NotEmpty(device.Entries);
        Assert.All(device.Entries, entry => Assert.NotEmpty(entry.Source));
        Assert.All(device.Rows, row => Assert.NotEmpty(row.Source));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_figure_whose_source_is_taken_away_is_refused_at_its_place(string name)
    {
        var lines = Good(name).Split('\n');
        var from = Array.IndexOf(lines, "figures:");
        for (var i = from; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("    source:", StringComparison.Ordinal))
            {
                continue;
            }

            // Its continuation goes with it.
            var end = i + 1;
            while (lines[end].StartsWith("      ", StringComparison.Ordinal))
            {
                end++;
            }

            var key = i;
            while (!lines[key].EndsWith(':'))
            {
                key--;
            }

            var diagnostic = Assert.Single(Refuse(
                string.Join('\n', [.. lines[..i], .. lines[end..]]), name + ".yaml"));
            Assert.Equal($"{name}.yaml", diagnostic.File);
            Assert.Equal(
                $"expected a key 'source' in entry '{lines[key].Trim().TrimEnd(':')}'",
                diagnostic.Message);
            Assert.Equal((key + 2, 5), (diagnostic.Line, diagnostic.Column));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_figure_without_unit_or_status_is_refused(string name)
    {
        foreach (var key in new[] { "unit", "status" })
        {
            var lines = Good(name).Split('\n').ToList();
            lines.RemoveAt(lines.FindLastIndex(
                line => line.StartsWith($"    {key}:", StringComparison.Ordinal)));
            var diagnostic = Assert.Single(Refuse(string.Join('\n', lines), name + ".yaml"));
            Assert.StartsWith($"expected a key '{key}' in entry", diagnostic.Message);
        }
    }

    [Fact]
    public void Every_file_of_a_device_is_one_that_scenarios_can_name() =>
        Assert.Equal(
            DeviceProfiles.Names.Select(each => each.Name).Order(StringComparer.Ordinal),
            Directory.GetFiles(DeviceProfiles.Directory)
                .Select(file => Path.GetFileNameWithoutExtension(file))
                .Order(StringComparer.Ordinal));

    [Fact]
    public void The_same_published_row_says_the_same_in_every_device()
    {
        var rows = DeviceProfiles.Names.SelectMany(each =>
            DeviceProfiles.Find(each.Name).Device!.Rows);
        Assert.All(
            rows.GroupBy(row => row.Id),
            same => Assert.Single(same.Select(row => (row.Value, row.Unit, row.Status))
                .Distinct()));
    }

    // Sizes of 64 bytes as IEEE 802.3 has them agree with the published time of the shortest frame:
    // 67.2 ns at 0.8 ns a byte are 84 bytes, 20 of them overhead.
    [Fact]
    public void The_shortest_frame_agrees_with_its_published_time_on_the_wire()
    {
        var device = DeviceProfiles.Find("10g").Device!;
        Assert.Equal(
            67_200, (device["shortest-frame"] + device["frame-overhead"]) * device["byte-time"]);
    }

    [Fact]
    public void A_figure_is_no_better_than_what_it_is_derived_from()
    {
        var diagnostics = Refuse(Replace(
            "nvme",
            "    derived: dev_nvme_read\n    unit: us\n    source: The row; of the first 4 KiB.\n"
            + "    status: RECALLED",
            "    derived: dev_nvme_read\n    unit: us\n    source: The row; of the first 4 KiB.\n"
            + "    status: VERIFIED"));
        Assert.Equal(
            "expected status RECALLED or worse, because 'dev_nvme_read' is RECALLED",
            Assert.Single(diagnostics).Message);
    }

    [Theory]
    [InlineData("nvme", "  parallelism:", "  paralelism:",
        "expected an entry of figures, not 'paralelism'; did you mean 'parallelism'?")]
    [InlineData("nvme", "kind: flash-disk", "kind: floppy",
        "expected flash-disk, hard-disk, ethernet as kind, not 'floppy'")]
    [InlineData("nvme", "value: 1024", "value: 0", "expected 1 to 1000000 requests")]
    [InlineData("hard-disk",
        "  hdd_seek_norvig:\n    value: 8", "  hdd_seek_norvig:\n    value: 0.5",
        "expected at least the track-to-track-seek")]
    [InlineData("hard-disk", "unit: turns/min", "unit: ns",
        "expected turns/min as unit, not 'ns'")]
    [InlineData("nvme", "name: nvme", "name: other", "expected the file's name as name: nvme")]
    public void What_no_device_can_be_is_refused(
        string name, string old, string @new, string message) =>
        Assert.Contains(
            Refuse(Replace(name, old, @new), name + ".yaml"),
            diagnostic => diagnostic.Message == message);

    [Fact]
    public void A_network_is_no_disk() =>
        Assert.Contains(
            Refuse(Replace("10g", "name: 10g", "name: nvme")),
            diagnostic => diagnostic.Message
                == "expected a kind of device that disk.device can name");
}
