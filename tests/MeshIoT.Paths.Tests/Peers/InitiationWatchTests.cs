using MeshIoT.Paths.Peers;
using Xunit;

namespace MeshIoT.Paths.Tests.Peers;

/// <summary>When an initiation without an answer is worth repeating.</summary>
public sealed class InitiationWatchTests
{
    const long Now = 100_000;

    readonly InitiationWatch watch = new();

    [Fact]
    public void Where_no_answer_can_come_from_it_goes_again_at_once()
    {
        Assert.Equal(Now + 50, watch.RetryAt(Now, isDirect: false));
        watch.Sent(Now, directMs: 0, by: 0, isOpen: false);
        Assert.Equal(Now + 50, watch.RetryAt(Now, isDirect: true));
    }

    [Fact]
    public void While_its_answer_may_be_under_way_it_does_not()
    {
        watch.Sent(Now, directMs: 0, by: 3, isOpen: true);
        Assert.Equal(Now + 1_000, watch.RetryAt(Now + 10, isDirect: true));
        watch.Sent(Now, directMs: 160, by: 0, isOpen: false);
        Assert.Equal(Now + 160, watch.RetryAt(Now + 10, isDirect: true));
        Assert.Equal(Now + 250, watch.RetryAt(Now + 200, isDirect: true));
    }

    [Fact]
    public void What_went_to_a_relay_where_the_peer_is_not_is_lost()
    {
        watch.Sent(Now, directMs: 0, by: 3, isOpen: true);
        watch.Gone(4);
        Assert.Equal(Now + 1_000, watch.RetryAt(Now + 10, isDirect: false));
        watch.Gone(3);
        Assert.Equal(Now + 60, watch.RetryAt(Now + 10, isDirect: false));
    }

    [Fact]
    public void One_that_waits_for_its_relay_goes_by_itself_when_that_opens()
    {
        watch.Sent(Now, directMs: 0, by: 3, isOpen: false);
        Assert.Equal(InitiationWatch.Never, watch.RetryAt(Now + 10, isDirect: false));
        Assert.Equal(Now + 60, watch.RetryAt(Now + 10, isDirect: true));
        Assert.False(watch.Opened(4, Now + 400));
        Assert.False(watch.Opened(3, Now + 400));
        Assert.Equal(Now + 1_400, watch.RetryAt(Now + 410, isDirect: false));

        // And when the relay opens once more, it had gone into the connection that broke.
        Assert.True(watch.Opened(3, Now + 600));
        Assert.Equal(Now + 650, watch.RetryAt(Now + 600, isDirect: false));
    }
}
