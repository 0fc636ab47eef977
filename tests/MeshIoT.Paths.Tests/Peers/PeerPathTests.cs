using MeshIoT.Paths.Peers;
using MeshIoT.Paths.Tests.Simulation;
using Xunit;

namespace MeshIoT.Paths.Tests.Peers;

/// <summary>Direct, by relay, or both.</summary>
public sealed class PeerPathTests
{
    static readonly byte[] Elsewhere = Place.Of("203.0.113.7:7").ToBytes();

    [Fact]
    public void Without_anything_known_only_the_relay_is_left()
    {
        PeerPath path = new() { Home = 3 };
        Assert.Equal(new SendChoice(null, ByRelay: true), path.Choose(0));
        Assert.Equal(3, path.Region(homeIsOpen: false, reachedIsOpen: false));
        Assert.Equal(0, new PeerPath().Region(homeIsOpen: true, reachedIsOpen: true));
    }

    [Fact]
    public void A_trusted_path_alone_then_both_then_whatever_was_heard_later()
    {
        using PathTestHost host = new(20);
        PeerPath path = new() { Home = 3, Disco = host.Peer };
        Assert.Equal(PathTestHost.At, path.Choose(host.NowMs).Direct);
        Assert.False(path.Choose(host.NowMs).ByRelay);
        path.Heard(Elsewhere, host.NowMs);
        Assert.Equal(PathTestHost.At, path.Choose(host.NowMs).Direct);
        host.IsDead = true;
        host.Pass(6_600);
        SendChoice choice = path.Choose(host.NowMs);
        Assert.True(choice.ByRelay);
        Assert.Equal(PathTestHost.At, choice.Direct);
        Assert.False(path.Heard(Elsewhere, host.NowMs), "heard there before");
        Assert.Equal(Elsewhere, path.Choose(host.NowMs).Direct);
        path.Forget();
        Assert.Equal(PathTestHost.At, path.Choose(host.NowMs).Direct);
    }

    [Fact]
    public void The_relay_that_the_peer_came_by_serves_while_its_home_is_not_connected_and_until_it_left()
    {
        PeerPath path = new() { Home = 3 };
        path.HeardByRelay(5, 0);
        Assert.Equal(3, path.Region(homeIsOpen: true, reachedIsOpen: true));
        Assert.Equal(5, path.Region(homeIsOpen: false, reachedIsOpen: true));
        Assert.Equal(3, path.Region(homeIsOpen: false, reachedIsOpen: false));
        path.LeftRelay(3);
        Assert.Equal(5, path.Reached);
        path.LeftRelay(5);
        Assert.Equal(3, path.Region(homeIsOpen: false, reachedIsOpen: true));
        path.Home = 0;
        Assert.Equal(0, path.Region(homeIsOpen: false, reachedIsOpen: true));
    }
}
