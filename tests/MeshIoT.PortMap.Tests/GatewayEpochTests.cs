using Xunit;

namespace MeshIoT.PortMap.Tests;

/// <summary>The rules of RFC 6886 section 3.6 and RFC 6887 section 8.5.</summary>
public class GatewayEpochTests
{
    [Theory]
    [InlineData(1000, 2000, true, true)] // as it should be
    [InlineData(1000, 1876, true, false)] // slow by an eighth: NAT-PMP allows it, PCP a sixteenth
    [InlineData(1000, 1872, false, false)]
    [InlineData(1000, 3, false, false)] // began anew
    [InlineData(1000, 2200, true, false)] // too fast
    [InlineData(1000, 1940, true, true)]
    [InlineData(0, 1000, true, true)]
    public void A_clock_that_runs_otherwise_than_ours_means_that_the_table_is_gone(uint before, uint after, bool natPmp, bool pcp)
    {
        const long elapsedMs = 1_000_000;
        foreach ((bool bothWays, bool expected) in new[] { (false, natPmp), (true, pcp) })
        {
            GatewayEpoch epoch = new();
            Assert.True(epoch.Agrees(before, bothWays, 50_000));
            Assert.Equal(expected, epoch.Agrees(after, bothWays, 50_000 + elapsedMs));
            Assert.True(epoch.Agrees(after + 1, bothWays, 51_000 + elapsedMs));
        }
    }
}
