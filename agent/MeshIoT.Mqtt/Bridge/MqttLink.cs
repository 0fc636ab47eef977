using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using MeshIoT.Mqtt.Broker;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MeshIoT.Mqtt.Bridge;

/// <summary>A connection to a broker by MQTTnet's packets. It pings only when nothing else was said for a while: one timer, no ticks.</summary>
internal sealed class MqttLink : IBridgeLink
{
    const int MostEvents = 256, MostPacketBytes = 16 * 1024 * 1024;

    static readonly TimeSpan OpenLimit = TimeSpan.FromSeconds(30), AnswerLimit = TimeSpan.FromSeconds(30);

    readonly BridgeOptions options;
    readonly TimeProvider time;
    readonly Channel<LinkEvent> events = Channel.CreateBounded<LinkEvent>(new BoundedChannelOptions(MostEvents) { SingleReader = true });
    readonly CancellationTokenSource ending = new();
    readonly StreamChannel channel;
    readonly MqttChannelAdapter adapter;
    readonly ITimer timer;
    TaskCompletionSource<MqttSubAckPacket>? subscribing;
    long lastSent, lastReceived, lastPing = long.MinValue;
    bool isOpen;

    /// <param name="options">The bridge.</param>
    /// <param name="dial">Makes the stream, with TLS where wanted.</param>
    /// <param name="time">The clock.</param>
    public MqttLink(BridgeOptions options, Func<CancellationToken, ValueTask<Stream>> dial, TimeProvider time)
    {
        (this.options, this.time) = (options, time);
        channel = new StreamChannel(null, dial, null, null, new PacketFrames(fromClient: false, 64 * 1024, MostPacketBytes), new ByteBudget(MostPacketBytes), Now) { IsVersion5 = false };
        adapter = new MqttChannelAdapter(
            channel, new MqttPacketFormatterAdapter(options.IsVersion5 ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311, new MqttBufferWriter(256, 4096)), MqttNetNullLogger.Instance);
        timer = time.CreateTimer(static state => ((MqttLink)state!).OnTime(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ChannelReader<LinkEvent> Events => events.Reader;

    public async Task<int> OpenAsync(LinkPlan plan, CancellationToken ct)
    {
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(ct, ending.Token);
        limit.CancelAfter(OpenLimit);
        try
        {
            await adapter.ConnectAsync(limit.Token);
            await adapter.SendPacketAsync(Connect(plan), limit.Token);
            if (await adapter.ReceivePacketAsync(limit.Token) is not MqttConnAckPacket answer)
            {
                throw new LinkException("it closes the connection instead of answering");
            }

            if (answer.ReasonCode >= MqttConnectReasonCode.UnspecifiedError || (!options.IsVersion5 && answer.ReturnCode != MqttConnectReturnCode.ConnectionAccepted))
            {
                bool isBusy = answer.ReasonCode is MqttConnectReasonCode.ServerUnavailable or MqttConnectReasonCode.ServerBusy || answer.ReturnCode == MqttConnectReturnCode.ConnectionRefusedServerUnavailable;
                throw new LinkException(Sentence(options.IsVersion5 ? answer.ReasonCode.ToString() : answer.ReturnCode.ToString()), isRefused: !isBusy);
            }

            lastSent = lastReceived = Now();
            isOpen = true;
            Arm();
            _ = ReceiveAsync();
            return answer.ReceiveMaximum == 0 ? ushort.MaxValue : answer.ReceiveMaximum;
        }
        catch (Exception e) when (e is OperationCanceledException && !ct.IsCancellationRequested)
        {
            throw new LinkException("it does not answer within 30 s", cause: e);
        }
        catch (Exception e) when (e is not (LinkException or OperationCanceledException or OutOfMemoryException))
        {
            throw new LinkException(Reason(e), cause: e);
        }
    }

    public async Task SubscribeAsync(IReadOnlyList<string> filters, CancellationToken ct)
    {
        MqttSubscribePacket packet = new() { PacketIdentifier = ushort.MaxValue };
        foreach (string filter in filters)
        {
            packet.TopicFilters.Add(new MqttTopicFilter { Topic = filter, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce });
        }

        TaskCompletionSource<MqttSubAckPacket> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        subscribing = answer;
        await SendAsync(packet, ct);
        MqttSubAckPacket codes;
        try
        {
            codes = await answer.Task.WaitAsync(AnswerLimit, time, ct);
        }
        catch (TimeoutException e)
        {
            throw new LinkException("it does not answer a subscription", cause: e);
        }

        for (int i = 0; i < codes.ReasonCodes.Count && i < filters.Count; i++)
        {
            if (codes.ReasonCodes[i] >= MqttSubscribeReasonCode.UnspecifiedError)
            {
                throw new LinkException($"the subscription to {filters[i]} is refused: {Sentence(codes.ReasonCodes[i].ToString())}", isRefused: true);
            }
        }
    }

    public Task SendAsync(ushort id, string topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken ct) => SendAsync(
        new MqttPublishPacket
        {
            PacketIdentifier = id, Topic = topic, Payload = new ReadOnlySequence<byte>(payload), Retain = retain, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        },
        ct);

    public async ValueTask DisposeAsync()
    {
        if (isOpen)
        {
            try
            {
                // Said goodbye: no last will. Whoever ends the bridge has said "offline" before.
                using CancellationTokenSource limit = new(TimeSpan.FromSeconds(1));
                await adapter.SendPacketAsync(new MqttDisconnectPacket(), limit.Token);
                await channel.DisconnectAsync(limit.Token);
            }
            catch (Exception e) when (e is IOException or MqttCommunicationException or OperationCanceledException or ObjectDisposedException)
            {
                // It is gone.
            }
        }

        await ending.CancelAsync();
        await timer.DisposeAsync();
        adapter.Dispose();
        events.Writer.TryComplete();
    }

    MqttConnectPacket Connect(LinkPlan plan) => new()
    {
        ClientId = plan.ClientId,
        CleanSession = true,
        KeepAlivePeriod = (ushort)Math.Min(options.KeepAlive.TotalSeconds, ushort.MaxValue),
        Username = options.User.Length > 0 ? options.User : null,
        Password = options.User.Length > 0 || options.IsVersion5 ? plan.Password : null,
        WillFlag = true,
        WillTopic = plan.WillTopic,
        WillMessage = plan.WillPayload,
        WillRetain = plan.WillRetain,
        WillQoS = MqttQualityOfServiceLevel.AtLeastOnce,
        ReceiveMaximum = options.IsVersion5 ? (ushort)64 : (ushort)0,
        MaximumPacketSize = options.IsVersion5 ? MostPacketBytes : 0u,
    };

    async Task SendAsync(MqttPacket packet, CancellationToken ct)
    {
        try
        {
            await adapter.SendPacketAsync(packet, ct);
            lastSent = Now();
        }
        catch (Exception e) when (e is not (OperationCanceledException or OutOfMemoryException))
        {
            throw new LinkException(Reason(e), cause: e);
        }
    }

    async Task ReceiveAsync()
    {
        string why = "the connection was lost";
        try
        {
            while (await adapter.ReceivePacketAsync(ending.Token) is { } packet)
            {
                lastReceived = Now();
                switch (packet)
                {
                    case MqttPublishPacket publish:
                        await events.Writer.WriteAsync(new LinkEvent.Message(publish.Topic, publish.Payload.ToArray(), publish.Retain), ending.Token);
                        if (publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.AtLeastOnce)
                        {
                            await SendAsync(new MqttPubAckPacket { PacketIdentifier = publish.PacketIdentifier }, ending.Token);
                        }

                        break;
                    case MqttPubAckPacket answer:
                        await events.Writer.WriteAsync(new LinkEvent.Acknowledged(answer.PacketIdentifier, (byte)answer.ReasonCode), ending.Token);
                        break;
                    case MqttSubAckPacket answer:
                        subscribing?.TrySetResult(answer);
                        break;
                    case MqttDisconnectPacket bye:
                        why = "the broker ends the connection: " + Sentence(bye.ReasonCode.ToString());
                        ending.Cancel();
                        break;
                }
            }
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            why = channel.Ended ?? (e is OperationCanceledException ? why : Reason(e));
        }

        events.Writer.TryWrite(new LinkEvent.Closed(why));
        events.Writer.TryComplete();
    }

    void OnTime()
    {
        long now = Now();
        if (lastPing > lastReceived)
        {
            channel.End("the broker does not answer", 0x8D);
            return;
        }

        // Also while much is sent: a link that is cut takes it for a quarter of an hour.
        if (now - Math.Min(lastSent, lastReceived) >= options.KeepAlive.TotalMilliseconds * 0.7)
        {
            lastPing = now;
            _ = PingAsync();
        }

        Arm();
    }

    async Task PingAsync()
    {
        try
        {
            await SendAsync(MqttPingReqPacket.Instance, ending.Token);
        }
        catch (Exception e) when (e is LinkException or OperationCanceledException)
        {
            // The reader says that it is gone.
        }
    }

    void Arm()
    {
        if (options.KeepAlive > TimeSpan.Zero && !ending.IsCancellationRequested)
        {
            timer.Change(options.KeepAlive * 0.75, Timeout.InfiniteTimeSpan);
        }
    }

    long Now() => (long)(time.GetTimestamp() * (1000.0 / time.TimestampFrequency));

    // BadUserNameOrPassword becomes "bad user name or password".
    static string Sentence(string name)
    {
        System.Text.StringBuilder words = new();
        foreach (char c in name)
        {
            words.Append(char.IsUpper(c) && words.Length > 0 ? " " : "").Append(char.ToLowerInvariant(c));
        }

        return words.ToString();
    }

    static string Reason(Exception e)
    {
        Exception inner = e;
        while (inner.InnerException is { } deeper)
        {
            inner = deeper;
        }

        return inner.Message.Length == 0 ? "the connection was lost" : inner.Message.TrimEnd('.');
    }
}
