using System;
using System.IO;
using System.Linq;
using MeshIoT.Alerts.Monitors;
using Xunit;

namespace MeshIoT.Alerts.Tests;

public sealed class MonitorTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("meshiot-board").FullName;

    public void Dispose() => Directory.Delete(root, true);

    void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(root + path)!);
        File.WriteAllText(root + path, text);
    }

    [Theory]
    [InlineData(500, 1000, null)]
    [InlineData(99, 1000, "disk-low")]
    [InlineData(50_000, 32_000, null)]
    [InlineData(999, 32_000, "disk-low")]
    [InlineData(99, 32_000, "disk-full")]
    [InlineData(0, 0, null)]
    public void What_is_left_is_judged_by_share_and_amount(int freeMb, int totalMb, string? code) =>
        Assert.Equal(code, new DiskMonitor().Judge("/x", freeMb * 1_000_000L, totalMb * 1_000_000L)?.Fault.Code);

    [Fact]
    public void A_disk_at_the_threshold_does_not_flutter()
    {
        DiskMonitor disk = new();
        Assert.Equal(
            [null, "disk-low", "disk-low", "disk-full", "disk-full", "disk-low", null],
            new[] { 1001, 999, 1200, 99, 120, 126, 1251 }.Select(mb => disk.Judge("/x", mb * 1_000_000L, 32_000_000_000)?.Fault.Code));
    }

    [Theory]
    [InlineData("0", "")]
    [InlineData("1", "under-voltage")]
    [InlineData("50000", "")]
    [InlineData("50005\n", "under-voltage throttled")]
    [InlineData("0x8", "throttled")]
    [InlineData("nonsense", "")]
    public void The_firmwares_word_tells_of_now_and_not_of_the_past(string word, string codes)
    {
        Write("/sys/devices/platform/soc/soc:firmware/get_throttled", word);
        Assert.Equal(codes, string.Join(' ', new BoardMonitor(root).Look().Where(l => l.Report is not null).Select(l => l.Report!.Fault.Code)));
    }

    [Theory]
    [InlineData("0", 0)]
    [InlineData("1", 1)]
    public void Without_the_firmwares_word_the_kernels_alarm_counts(string alarm, int faults)
    {
        Assert.Empty(new BoardMonitor(root).Look());
        Write("/sys/class/hwmon/hwmon0/name", "cpu_thermal\n");
        Write("/sys/class/hwmon/hwmon1/name", "rpi_volt\n");
        Write("/sys/class/hwmon/hwmon1/in0_lcrit_alarm", alarm + "\n");
        Assert.Equal(faults, new BoardMonitor(root).Look().Count(l => l.Report?.Fault.Code == "under-voltage"));
    }

    [Theory]
    [InlineData(119, null)]
    [InlineData(-121, "2 minutes")]
    [InlineData(3 * 3600, "3 hours")]
    [InlineData(86_400 * 365 * 56L, "20440 days")]
    public void A_clock_is_judged_by_the_coordinators(long seconds, string? says)
    {
        Assert.Equal(says is null, ClockMonitor.Look(TimeSpan.FromSeconds(seconds)) is not { } report || !report.Message.Contains(says!, StringComparison.Ordinal));
        Assert.Null(ClockMonitor.Look(null));
    }
}
