using System.Diagnostics;
using System.Linq;
using Xunit;
using static MeshIoT.Policy.Tests.Tailnet;

namespace MeshIoT.Policy.Tests;

/// <summary>Ten thousand sensors and a hub: what grows with nodes must not grow with pairs of them.</summary>
public class ScaleTests
{
    const string Policy = $$"""
        { {{Owners}}, "groups": {"group:ops": ["ann@"]},
          "acls": [{"action": "accept", "src": ["tag:sensor"], "dst": ["tag:hub:8883"]}, {"action": "accept", "src": ["group:ops"], "dst": ["*:*"]}] }
        """;

    static PolicyNode[] Nodes(int count) => [Of(1, Ann), Of(2, tag: "tag:hub"), .. Enumerable.Range(3, count - 2).Select(i => Of(i, tag: "tag:sensor"))];

    [Fact]
    public void Ten_thousand_sensors_are_one_class_that_shares_its_view_and_its_filter()
    {
        CompiledPolicy compiled = Compile(Policy, Nodes(10_000));
        Assert.Equal(3, compiled.ClassCount);
        Assert.Equal([1, 2], compiled.Peers(5000));
        Assert.Equal(9_999, compiled.Peers(2).Count);
        Assert.Same(compiled.Filter(3), compiled.Filter(9_999));
        CompiledPolicy grown = compiled.With([Of(20_000, tag: "tag:sensor")]);
        Assert.Equal(10_000, grown.Peers(2).Count);
        Assert.Equal(9_999, compiled.Peers(2).Count);
        Assert.Equal(compiled.ViewClass(3), grown.ViewClass(20_000));
        Assert.Equal(2 * 9_999, grown.Filter(2)[0].SrcIPs!.Count);
    }

    [Theory]
    [InlineData(2_000)]
    [InlineData(10_000)]
    public void Figures(int count)
    {
        PolicyNode[] nodes = Nodes(count);
        PolicyDocument document = Tailnet.Policy(Policy);
        _ = CompiledPolicy.Compile(document, Users, nodes); // warm
        long bytes = System.GC.GetAllocatedBytesForCurrentThread();
        long kept = System.GC.GetTotalMemory(forceFullCollection: true);
        Stopwatch watch = Stopwatch.StartNew();
        CompiledPolicy compiled = CompiledPolicy.Compile(document, Users, nodes);
        double compile = watch.Elapsed.TotalMilliseconds;
        bytes = System.GC.GetAllocatedBytesForCurrentThread() - bytes;
        kept = System.GC.GetTotalMemory(forceFullCollection: true) - kept;
        PolicyNode one = Of(count + 1, tag: "tag:sensor");
        _ = compiled.With([one]);
        watch.Restart();
        long joining = System.GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            _ = compiled.With([one]);
        }

        double with = watch.Elapsed.TotalMilliseconds / 100;
        joining = (System.GC.GetAllocatedBytesForCurrentThread() - joining) / 100;
        TestContext.Current.TestOutputHelper?.WriteLine($"{count} nodes: compiled in {compile:0.0} ms, {bytes / 1024} KiB allocated, {kept / 1024} KiB kept; one more in {with * 1000:0} us, {joining} bytes");
        Assert.True(compile < 10_000, $"{compile} ms");
        Assert.True(joining < 100_000, $"{joining} bytes for one node"); // grows with the logarithm
        Assert.True(kept < count * 4096L, $"{kept} bytes kept");
    }
}
