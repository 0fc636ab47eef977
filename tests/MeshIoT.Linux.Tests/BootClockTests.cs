using System.Globalization;
using System.IO;
using Xunit;

namespace MeshIoT.Linux.Tests;

public class BootClockTests
{
    [Fact]
    public void The_clock_agrees_with_the_uptime_of_the_kernel()
    {
        double seconds = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.InRange(BootClock.NowMs - (seconds * 1000), -20, 5000);
    }

    [Fact]
    public void The_clock_never_goes_back()
    {
        long last = 0;
        for (int i = 0; i < 100_000; i++)
        {
            long now = BootClock.NowMs;
            Assert.True(now >= last);
            last = now;
        }
    }
}
