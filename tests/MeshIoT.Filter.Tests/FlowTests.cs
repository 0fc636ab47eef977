using System;
using System.Threading.Tasks;
using Xunit;

namespace MeshIoT.Filter.Tests;

/// <summary>UDP and SCTP conversations that we began may be answered. data-plane.md section 7.2, step 3.</summary>
public class FlowTests
{
    [Fact]
    public void An_answer_passes_and_only_that_answer()
    {
        PacketFilter filter = Rules.Filter();
        Assert.Equal(Verdict.NoRule, filter.CheckIn(Packets.Udp("100.64.0.9:53", "100.64.0.2:4000")));
        filter.NoteOut(Packets.Udp("100.64.0.2:4000", "100.64.0.9:53"));
        Assert.Equal(Verdict.Accept, filter.CheckIn(Packets.Udp("100.64.0.9:53", "100.64.0.2:4000")));
        Assert.Equal(Verdict.NoRule, filter.CheckIn(Packets.Udp("100.64.0.9:54", "100.64.0.2:4000")));
        Assert.Equal(Verdict.NoRule, filter.CheckIn(Packets.Udp("100.64.0.9:53", "100.64.0.2:4001")));
        Assert.Equal(Verdict.NoRule, filter.CheckIn(Packets.Udp("100.64.0.8:53", "100.64.0.2:4000")));
        Assert.Equal(Verdict.NoRule, filter.CheckIn(Packets.Udp("100.64.0.9:53", "192.168.7.2:4000")));
        Assert.Equal(Verdict.NoRule, filter.CheckIn(Packets.Sctp("100.64.0.9:53", "100.64.0.2:4000")));
    }

    [Fact]
    public void SCTP_and_IPv6_are_remembered_alike()
    {
        PacketFilter filter = Rules.Filter();
        filter.NoteOut(Packets.Sctp("100.64.0.2:1", "100.64.0.9:2"));
        filter.NoteOut(Packets.Udp("[fd7a:115c:a1e0::2]:1", "[fd7a:115c:a1e0::9]:2"));
        Assert.Equal(Verdict.Accept, filter.CheckIn(Packets.Sctp("100.64.0.9:2", "100.64.0.2:1")));
        Assert.Equal(Verdict.Accept, filter.CheckIn(Packets.Udp("[fd7a:115c:a1e0::9]:2", "[fd7a:115c:a1e0::2]:1")));
    }

    [Fact]
    public void TCP_and_ICMP_and_fragments_leave_no_trace()
    {
        PacketFilter filter = Rules.Filter();
        filter.NoteOut(Packets.Tcp("100.64.0.2:1", "100.64.0.9:2"));
        filter.NoteOut(Packets.Icmp("100.64.0.2", "100.64.0.9", 8));
        filter.NoteOut(Packets.Fragment(Packets.Udp("100.64.0.2:1", "100.64.0.9:2"), 100, false));
        filter.NoteOut([]);
        filter.NoteOut([0x45, 0]);
        Assert.Equal(0, filter.Flows.Count);
    }

    [Fact]
    public void The_conversation_silent_longest_makes_room_for_the_513th()
    {
        PacketFilter filter = Rules.Filter();
        for (int port = 1; port <= FlowTable.Capacity; port++)
        {
            filter.NoteOut(Packets.Udp($"100.64.0.2:{port}", "100.64.0.9:53"));
        }

        // The first is spoken to again, so the second is now the oldest.
        Assert.Equal(Verdict.Accept, filter.CheckIn(Packets.Udp("100.64.0.9:53", "100.64.0.2:1")));
        filter.NoteOut(Packets.Udp("100.64.0.2:9999", "100.64.0.9:53"));
        Assert.Equal(FlowTable.Capacity, filter.Flows.Count);
        Assert.Equal(Verdict.NoRule, filter.CheckIn(Packets.Udp("100.64.0.9:53", "100.64.0.2:2")));
        Assert.Equal(Verdict.Accept, filter.CheckIn(Packets.Udp("100.64.0.9:53", "100.64.0.2:1")));
        Assert.Equal(Verdict.Accept, filter.CheckIn(Packets.Udp("100.64.0.9:53", "100.64.0.2:3")));
        Assert.Equal(Verdict.Accept, filter.CheckIn(Packets.Udp("100.64.0.9:53", "100.64.0.2:9999")));
    }

    [Fact]
    public void The_table_behaves_like_a_plain_list_of_the_last_512_used()
    {
        Random random = new(512);
        PacketFilter filter = Rules.Filter();
        System.Collections.Generic.List<int> model = [];
        for (int i = 0; i < 20_000; i++)
        {
            int port = 1 + random.Next(800);
            if (random.Next(2) == 0)
            {
                filter.NoteOut(Packets.Udp($"100.64.0.2:{port}", "100.64.0.9:53"));
                model.Remove(port);
                model.Add(port);
                if (model.Count > FlowTable.Capacity)
                {
                    model.RemoveAt(0);
                }
            }
            else
            {
                bool known = model.Remove(port);
                if (known)
                {
                    model.Add(port);
                }

                Assert.Equal(known ? Verdict.Accept : Verdict.NoRule, filter.CheckIn(Packets.Udp("100.64.0.9:53", $"100.64.0.2:{port}")));
            }

            Assert.Equal(model.Count, filter.Flows.Count);
        }
    }

    [Fact]
    public void A_new_policy_does_not_cut_running_conversations()
    {
        PacketFilter before = Rules.Filter();
        before.NoteOut(Packets.Udp("100.64.0.2:4000", "100.64.0.9:53"));
        PacketFilter after = PacketFilter.Compile([], Rules.Local, out _, before.Flows);
        Assert.Equal(Verdict.Accept, after.CheckIn(Packets.Udp("100.64.0.9:53", "100.64.0.2:4000")));
    }

    [Fact]
    public async Task Sending_and_receiving_threads_may_share_a_filter()
    {
        PacketFilter filter = Rules.Filter();
        Task[] tasks = new Task[4];
        for (int t = 0; t < tasks.Length; t++)
        {
            int thread = t;
            tasks[t] = Task.Run(() =>
            {
                for (int i = 0; i < 3000; i++)
                {
                    filter.NoteOut(Packets.Udp($"100.64.0.2:{1 + (i % 700)}", $"100.64.0.{10 + thread}:53"));
                    filter.CheckIn(Packets.Udp($"100.64.0.{10 + thread}:53", $"100.64.0.2:{1 + (i % 700)}"));
                }
            }, TestContext.Current.CancellationToken);
        }

        await Task.WhenAll(tasks);
        Assert.Equal(FlowTable.Capacity, filter.Flows.Count);
        Assert.Equal(4 * 3000, filter.Count(Verdict.Accept) + filter.Count(Verdict.NoRule));
    }
}
