using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.History;
using MeshIoT.Mqtt.Publishing;
using MeshIoT.Mqtt.Sparkplug;
using MeshIoT.Mqtt.Topics;

namespace MeshIoT.Mqtt.Bridge;

/// <summary>One connection of a bridge, from its last will to its end. One task; nothing of it is shared.</summary>
internal sealed class BridgeSession(BridgeOptions options, Spool spool, IBridgeHost host, IBridgeLink link, ChannelReader<StateMessage?> wake, TimeProvider time)
{
    /// <summary>Connections of the bridge so far.</summary>
    public int Connections { get; init; }

    /// <summary>A message under way: its place in the spool, or null for one that is said again on the next connection anyway.</summary>
    sealed class UnderWay(ushort packet, long? place)
    {
        public ushort Packet => packet;

        public long? Place => place;

        public bool IsDone { get; set; }
    }

    readonly TopicMap map = new(options.Map);
    readonly Queue<UnderWay> underWay = [];
    readonly Queue<SpooledItem> batch = [];
    readonly Queue<StateMessage> toSay = [];
    readonly RateLimit rate = new(options.MostPerSecond);
    readonly GatewayTopics own = host.Topics;
    SparkplugNode? sparkplug;
    GatewayTopics there = host.Topics;
    long readTo = long.MinValue;
    ushort lastPacket;
    bool isSpoolDry;

    /// <summary>Connects, subscribes, and says how things are. Returns how many messages may be under way.</summary>
    public async Task<int> OpenAsync(byte[]? password, CancellationToken ct)
    {
        there = own with { Prefix = map.Out(own.Prefix + "/").TrimEnd('/') };
        (string Topic, byte[] Payload) will = (there.Status, Encoding.ASCII.GetBytes("offline"));
        if (options.IsSparkplug)
        {
            sparkplug = new SparkplugNode(own, Connections);
            will = sparkplug.Death(UnixMs());
        }

        string id = options.ClientId.Length > 0 ? options.ClientId : $"meshiot-{own.Site}-{own.Gateway}-{options.Name}";
        int window = await link.OpenAsync(new LinkPlan(id, password, will.Topic, will.Payload, WillRetain: !options.IsSparkplug), ct);
        List<string> filters = [.. options.In];
        if (options.TakesCommands)
        {
            filters.Add(there.Prefix + "/+/+/set");
        }

        if (options.Discovery && !options.IsSparkplug)
        {
            filters.Add(host.HomeAssistantStatus);
        }

        if (sparkplug is not null)
        {
            filters.Add(sparkplug.CommandTopic);
        }

        if (filters.Count > 0)
        {
            await link.SubscribeAsync([.. filters.Distinct()], ct);
        }

        while (wake.TryRead(out _))
        {
            // All of it is said now.
        }

        SayAll();
        return window;
    }

    /// <summary>Carries messages until the connection ends; throws what ended it.</summary>
    public async Task ServeAsync(int window, CancellationToken ct)
    {
        using CancellationTokenSource session = CancellationTokenSource.CreateLinkedTokenSource(ct);
        Task<bool> onLink = link.Events.WaitToReadAsync(session.Token).AsTask(), onWake = wake.WaitToReadAsync(session.Token).AsTask();
        try
        {
            while (true)
            {
                TimeSpan? wait = await FillAsync(window, ct);
                if (wait is { } some)
                {
                    await Task.WhenAny(onLink, onWake, Task.Delay(some, time, ct));
                }
                else
                {
                    await Task.WhenAny(onLink, onWake);
                }

                ct.ThrowIfCancellationRequested();
                if (onLink.IsCompleted)
                {
                    if (!await onLink)
                    {
                        throw new LinkException("the connection was lost");
                    }

                    while (link.Events.TryRead(out LinkEvent? happened))
                    {
                        Handle(happened);
                    }

                    onLink = link.Events.WaitToReadAsync(session.Token).AsTask();
                }

                if (onWake.IsCompleted)
                {
                    while (wake.TryRead(out StateMessage? message))
                    {
                        isSpoolDry = false;
                        if (message is not null && (sparkplug is null || message.Topic == own.Status))
                        {
                            Say(message with { Topic = map.Out(message.Topic) });
                        }
                    }

                    onWake = wake.WaitToReadAsync(session.Token).AsTask();
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The last word: there is no last will after a goodbye.
            (string topic, byte[] payload) = sparkplug?.Death(UnixMs()) ?? (there.Status, Encoding.ASCII.GetBytes("offline"));
            await link.SendAsync(Next(), topic, payload, retain: sparkplug is null, CancellationToken.None);
            throw;
        }
        finally
        {
            await session.CancelAsync();
            while (link.Events.TryRead(out LinkEvent? late))
            {
                // What was acknowledged before the end need not be sent again.
                if (late is LinkEvent.Acknowledged)
                {
                    Handle(late);
                }
            }

            Settle();
        }
    }

    long UnixMs() => time.GetUtcNow().ToUnixTimeMilliseconds();

    long Monotonic() => (long)(time.GetTimestamp() * (1000.0 / time.TimestampFrequency));

    ushort Next() => lastPacket = lastPacket >= ushort.MaxValue - 1 ? (ushort)1 : (ushort)(lastPacket + 1);

    void Say(StateMessage message) => toSay.Enqueue(message);

    void SayAll()
    {
        if (sparkplug is not null)
        {
            foreach ((string topic, byte[] payload) in sparkplug.Births(host.Latest(), UnixMs()))
            {
                Say(new StateMessage(topic, payload, Retain: false));
            }

            return;
        }

        Say(new StateMessage(there.Status, Encoding.ASCII.GetBytes("online"), Retain: true));
        foreach (StateMessage message in host.State(there, options.Discovery))
        {
            Say(message);
        }
    }

    /// <summary>Sends what may be sent now; returns how long to wait for the next, null: until something happens.</summary>
    async Task<TimeSpan?> FillAsync(int window, CancellationToken ct)
    {
        while (underWay.Count < window)
        {
            if (toSay.TryDequeue(out StateMessage? state))
            {
                UnderWay said = new(Next(), null);
                underWay.Enqueue(said);
                await link.SendAsync(said.Packet, state.Topic, state.Payload, state.Retain, ct);
                continue;
            }

            if (!TryNext(out SpooledItem? item))
            {
                return null;
            }

            if (!rate.TryTake(Monotonic()))
            {
                return rate.Wait;
            }

            batch.Dequeue();
            readTo = item.Id;
            if (Outgoing(item.Item) is not { } message)
            {
                // Not for this broker: it counts as had, in its turn.
                underWay.Enqueue(new UnderWay(0, item.Id) { IsDone = true });
                Settle();
                continue;
            }

            UnderWay sent = new(Next(), item.Id);
            underWay.Enqueue(sent);
            await link.SendAsync(sent.Packet, message.Topic, message.Payload, message.Retain, ct);
        }

        return null;
    }

    bool TryNext([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SpooledItem? item)
    {
        if (batch.Count == 0 && !isSpoolDry)
        {
            foreach (SpooledItem next in spool.Read(options.Name, 256, readTo))
            {
                batch.Enqueue(next);
            }

            isSpoolDry = batch.Count == 0;
        }

        return batch.TryPeek(out item);
    }

    StateMessage? Outgoing(SpoolItem item)
    {
        (string topic, bool retain) = BridgeItem.Read(item);
        if (!options.Out.Any(filter => TopicRules.Matches(filter, topic)))
        {
            return null;
        }

        if (sparkplug is null)
        {
            return new StateMessage(map.Out(topic), item.Payload, retain);
        }

        if (!topic.StartsWith(own.Prefix + "/", StringComparison.Ordinal) || topic[(own.Prefix.Length + 1)..].Split('/') is not [string device, string key]
            || !ReadingJson.TryRead(item.Payload.Span, out double? value, out long valueMs, out _)
            || sparkplug.Data(device, key, value, valueMs, UnixMs()) is not { } data)
        {
            return null;
        }

        return new StateMessage(data.Topic, data.Payload, Retain: false);
    }

    void Handle(LinkEvent happened)
    {
        switch (happened)
        {
            case LinkEvent.Acknowledged { Id: var id } answer:
                foreach (UnderWay message in underWay)
                {
                    if (message.Packet == id && !message.IsDone)
                    {
                        message.IsDone = true;
                        break;
                    }
                }

                if (answer.Reason >= 0x80)
                {
                    // It will not want it the next time either; the next message must not wait for that.
                    host.Show("mqtt:bridge:" + options.Name, Faults.BridgeRefused.With(options.Name, options.Address, $"it does not take a message (reason 0x{answer.Reason:x2})"));
                }

                Settle();
                break;
            case LinkEvent.Message message:
                Take(message);
                break;
            case LinkEvent.Closed closed:
                throw new LinkException(closed.Why);
        }
    }

    void Take(LinkEvent.Message message)
    {
        if (message.Topic == host.HomeAssistantStatus)
        {
            if (message.Payload.AsSpan().SequenceEqual("online"u8))
            {
                SayAll();
            }

            return;
        }

        if (sparkplug is not null && message.Topic == sparkplug.CommandTopic)
        {
            if (SparkplugNode.AsksForRebirth(message.Payload))
            {
                SayAll();
            }

            return;
        }

        string topic = map.In(message.Topic);
        if (TopicRules.IsName(topic))
        {
            host.Arrived(options, topic, message.Payload, message.Retain);
        }
    }

    void Settle()
    {
        long? had = null;
        while (underWay.TryPeek(out UnderWay? first) && first.IsDone)
        {
            had = first.Place ?? had;
            underWay.Dequeue();
        }

        if (had is { } place)
        {
            spool.Acknowledge(options.Name, place);
        }
    }
}
