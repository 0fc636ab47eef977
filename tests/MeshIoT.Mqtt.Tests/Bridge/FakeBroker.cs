using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using MeshIoT.Mqtt.Bridge;

namespace MeshIoT.Mqtt.Tests.Bridge;

/// <summary>A broker without a network: it is reached or not, it acknowledges or not, it breaks connections in the middle. Simulated.</summary>
internal sealed class FakeBroker
{
    readonly Lock gate = new();

    public bool IsReachable { get; set; }

    public string? Refuses { get; set; }

    /// <summary>Connections break after so many messages; 0: never.</summary>
    public int BreaksAfter { get; set; }

    /// <summary>Of a connection that breaks, so many of the last messages arrive without their acknowledgement.</summary>
    public int LosesAcknowledgements { get; set; }

    public int Tries { get; private set; }

    public List<(string Topic, string Payload, bool Retain)> Got { get; } = [];

    public List<string> Subscriptions { get; } = [];

    public LinkPlan? Plan { get; private set; }

    public FakeLink? Current { get; private set; }

    public IBridgeLink Link(BridgeOptions options) => new FakeLink(this);

    public int Count
    {
        get
        {
            lock (gate)
            {
                return Got.Count;
            }
        }
    }

    public List<(string Topic, string Payload, bool Retain)> Snapshot()
    {
        lock (gate)
        {
            return [.. Got];
        }
    }

    internal sealed class FakeLink(FakeBroker broker) : IBridgeLink
    {
        readonly Channel<LinkEvent> events = Channel.CreateUnbounded<LinkEvent>();
        int sent;
        bool isBroken;

        public ChannelReader<LinkEvent> Events => events.Reader;

        public Task<int> OpenAsync(LinkPlan plan, CancellationToken ct)
        {
            lock (broker.gate)
            {
                broker.Tries++;
                broker.Plan = plan;
                if (broker.Refuses is { } why)
                {
                    throw new LinkException(why, isRefused: true);
                }

                if (!broker.IsReachable)
                {
                    throw new LinkException("no route to it");
                }

                broker.Current = this;
                return Task.FromResult(20);
            }
        }

        public Task SubscribeAsync(IReadOnlyList<string> filters, CancellationToken ct)
        {
            broker.Subscriptions.AddRange(filters);
            return Task.CompletedTask;
        }

        public Task SendAsync(ushort id, string topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken ct)
        {
            lock (broker.gate)
            {
                if (isBroken || !broker.IsReachable)
                {
                    throw new LinkException("broken pipe");
                }

                broker.Got.Add((topic, Encoding.UTF8.GetString(payload.Span), retain));
                sent++;
                bool isLast = broker.BreaksAfter > 0 && sent >= broker.BreaksAfter;
                if (broker.BreaksAfter == 0 || sent <= broker.BreaksAfter - broker.LosesAcknowledgements)
                {
                    events.Writer.TryWrite(new LinkEvent.Acknowledged(id, 0));
                }

                if (isLast)
                {
                    isBroken = true;
                    events.Writer.TryWrite(new LinkEvent.Closed("it broke"));
                    events.Writer.TryComplete();
                }
            }

            return Task.CompletedTask;
        }

        public void Say(string topic, string payload, bool retain = false) => events.Writer.TryWrite(new LinkEvent.Message(topic, Encoding.UTF8.GetBytes(payload), retain));

        public void Break()
        {
            isBroken = true;
            events.Writer.TryWrite(new LinkEvent.Closed("it broke"));
        }

        public ValueTask DisposeAsync()
        {
            events.Writer.TryComplete();
            return default;
        }
    }
}
