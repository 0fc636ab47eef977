using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Mqtt.Access;
using MeshIoT.Mqtt.Topics;
using MQTTnet.Adapter;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MeshIoT.Mqtt.Broker;

/// <summary>
/// The broker's half of a connection, between the channel and the library's session. It holds the client to the protocol where the library does not:
/// receive maximum and packet size of the client, topic aliases, repeated QoS 2 messages, topics with wildcards.
/// </summary>
internal sealed class ClientAdapter : IMqttChannelAdapter
{
    /// <summary>Topic aliases that a client may have.</summary>
    public const int MostAliases = 16;

    const int MostFiltersAtOnce = 64;

    readonly StreamChannel channel;
    readonly MqttChannelAdapter inner;
    readonly BrokerOptions options;
    readonly BrokerCounters counters;
    readonly SemaphoreSlim room;
    readonly Lock gate = new();
    readonly HashSet<ushort> inFlight = [], received = [];
    readonly Dictionary<ushort, MqttQualityOfServiceLevel[]> subscribing = [];
    MqttConnectPacket? connect;

    public ClientAdapter(StreamChannel channel, BrokerOptions options, BrokerCounters counters)
    {
        (this.channel, this.options, this.counters) = (channel, options, counters);
        room = new SemaphoreSlim(options.MostInFlight);
        inner = new MqttChannelAdapter(channel, new MqttPacketFormatterAdapter(new MqttBufferWriter(256, 4096)), MqttNetNullLogger.Instance);
    }

    /// <summary>Who the client is, once it was let in.</summary>
    public MqttUser? User { get; set; }

    /// <summary>What the broker knows of it, once it was let in.</summary>
    public BrokerClient? Client { get; set; }

    public StreamChannel Channel => channel;

    public MqttConnectPacket? Connect => connect;

    public bool IsVersion5 => PacketFormatterAdapter.ProtocolVersion == MqttProtocolVersion.V500;

    /// <summary>True when the client gave no id and was given one.</summary>
    public bool IsIdAssigned { get; private set; }

    public long BytesReceived => inner.BytesReceived;

    public long BytesSent => inner.BytesSent;

    public X509Certificate2? ClientCertificate => null;

    public EndPoint? RemoteEndPoint => channel.RemoteEndPoint;

    public EndPoint? LocalEndPoint => null;

    public bool IsSecureConnection => false;

    public MqttPacketFormatterAdapter PacketFormatterAdapter => inner.PacketFormatterAdapter;

    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DisconnectAsync(CancellationToken cancellationToken) => channel.DisconnectAsync(cancellationToken);

    public void ResetStatistics() => inner.ResetStatistics();

    public void Dispose() => inner.Dispose();

    public async Task<MqttPacket?> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            MqttPacket? packet = await inner.ReceivePacketAsync(cancellationToken);
            switch (packet)
            {
                case MqttPublishPacket publish:
                    Check(publish);
                    if (publish.QualityOfServiceLevel == MqttQualityOfServiceLevel.ExactlyOnce && !received.Add(publish.PacketIdentifier))
                    {
                        // Sent again because our PUBREC was lost: it was passed on already (MQTT 5.0 section 4.3.3).
                        await inner.SendPacketAsync(new MqttPubRecPacket { PacketIdentifier = publish.PacketIdentifier }, cancellationToken);
                        continue;
                    }

                    counters.CountReceived();
                    break;
                case MqttPubRelPacket release:
                    received.Remove(release.PacketIdentifier);
                    break;
                case MqttPubAckPacket or MqttPubCompPacket:
                    Settled(((MqttPacketWithIdentifier)packet).PacketIdentifier);
                    break;
                case MqttPubRecPacket { ReasonCode: >= (MqttPubRecReasonCode)0x80 } refused:
                    Settled(refused.PacketIdentifier);
                    break;
                case MqttPubRecPacket half:
                    // Answered here and not behind what waits: a full window opens only once this is answered.
                    await inner.SendPacketAsync(new MqttPubRelPacket { PacketIdentifier = half.PacketIdentifier }, cancellationToken);
                    continue;
                case MqttPingReqPacket:
                    await inner.SendPacketAsync(MqttPingRespPacket.Instance, cancellationToken);
                    continue;
                case MqttSubscribePacket subscribe:
                    Check(subscribe);
                    break;
                case MqttConnectPacket first:
                    Begin(first);
                    break;
                case MqttDisconnectPacket { SessionExpiryInterval: > 0 } last when Client is { ExpirySeconds: > 0 } client:
                    client.ExpirySeconds = Math.Min(last.SessionExpiryInterval, (uint)options.SessionExpiry.TotalSeconds);
                    break;
            }

            return packet;
        }
    }

    public async Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        switch (packet)
        {
            case MqttPublishPacket publish:
                if (IsTooLarge(publish))
                {
                    // The client said that it cannot take it: it counts as delivered (MQTT 5.0 section 3.1.2.11.4).
                    counters.CountDropped();
                    Client?.Sent(publish.Payload.Length);
                    Client?.Session.AcknowledgePublishPacket(publish.PacketIdentifier);
                    Client?.Settle(publish.Topic, publish.Payload);
                    return;
                }

                if (publish.QualityOfServiceLevel > MqttQualityOfServiceLevel.AtMostOnce)
                {
                    if (!await room.WaitAsync(options.StallLimit, cancellationToken))
                    {
                        channel.End("it does not acknowledge", 0x97);
                        throw new MqttCommunicationTimedOutException();
                    }

                    lock (gate)
                    {
                        inFlight.Add(publish.PacketIdentifier);
                    }
                }

                Client?.Sent(publish.Payload.Length);
                counters.CountSent();
                break;
            case MqttConnAckPacket answer:
                Complete(answer);
                break;
            case MqttSubAckPacket answer:
                Reorder(answer);
                break;
        }

        await inner.SendPacketAsync(packet, cancellationToken);
    }

    void Begin(MqttConnectPacket first)
    {
        connect = first;
        channel.IsVersion5 = IsVersion5;
        channel.IdleLimit = first.KeepAlivePeriod == 0 ? null : TimeSpan.FromSeconds(first.KeepAlivePeriod * 1.5);
        if (string.IsNullOrEmpty(first.ClientId) && first.CleanSession)
        {
            first.ClientId = "auto-" + Guid.NewGuid().ToString("N");
            IsIdAssigned = true;
        }

        for (int less = options.MostInFlight; less > (first.ReceiveMaximum == 0 ? ushort.MaxValue : first.ReceiveMaximum); less--)
        {
            room.Wait(0);
        }
    }

    // MQTT 5.0 section 3.2.2.3: what the client has to know of us.
    void Complete(MqttConnAckPacket answer)
    {
        answer.MaximumPacketSize = (uint)options.MostPacketBytes;
        answer.ReceiveMaximum = 256;
        answer.TopicAliasMaximum = MostAliases;
        answer.SharedSubscriptionAvailable = false;
        if (connect is { SessionExpiryInterval: > 0 } asked && asked.SessionExpiryInterval > options.SessionExpiry.TotalSeconds)
        {
            answer.SessionExpiryInterval = (uint)options.SessionExpiry.TotalSeconds;
        }
    }

    void Check(MqttPublishPacket publish)
    {
        if (publish.TopicAlias > MostAliases)
        {
            Refuse("it uses a topic alias beyond what it was allowed", 0x94);
        }

        bool hasAlias = publish.TopicAlias > 0 && publish.Topic.Length == 0;
        if (!hasAlias && !TopicRules.IsName(publish.Topic))
        {
            Refuse("it publishes to a topic that cannot be", 0x90);
        }

        if (publish.QualityOfServiceLevel > MqttQualityOfServiceLevel.AtMostOnce && publish.PacketIdentifier == 0)
        {
            Refuse("it sends a packet identifier of 0", 0x81);
        }

        if (received.Count > 256)
        {
            Refuse("it begins more QoS 2 messages than it was allowed", 0x93);
        }
    }

    void Check(MqttSubscribePacket subscribe)
    {
        if (subscribe.TopicFilters.Count is 0 or > MostFiltersAtOnce || subscribe.PacketIdentifier == 0
            || subscribe.TopicFilters.Exists(f => f.QualityOfServiceLevel > MqttQualityOfServiceLevel.ExactlyOnce))
        {
            Refuse("it subscribes to nothing, or to more than 64 filters at once", 0x81);
        }

        if (subscribe.TopicFilters.Exists(f => f.QualityOfServiceLevel != subscribe.TopicFilters[0].QualityOfServiceLevel))
        {
            lock (gate)
            {
                subscribing[subscribe.PacketIdentifier] = [.. subscribe.TopicFilters.Select(f => f.QualityOfServiceLevel)];
            }
        }
    }

    // The library answers in the order of falling QoS; the answer's order must be that of the question (MQTT 5.0 section 3.9.3).
    void Reorder(MqttSubAckPacket answer)
    {
        MqttQualityOfServiceLevel[]? asked;
        lock (gate)
        {
            if (!subscribing.Remove(answer.PacketIdentifier, out asked) || asked.Length != answer.ReasonCodes.Count)
            {
                return;
            }
        }

        int[] order = [.. Enumerable.Range(0, asked.Length).OrderByDescending(i => asked[i])];
        MqttSubscribeReasonCode[] codes = new MqttSubscribeReasonCode[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            codes[order[i]] = answer.ReasonCodes[i];
        }

        answer.ReasonCodes = [.. codes];
    }

    bool IsTooLarge(MqttPublishPacket publish) =>
        connect is { MaximumPacketSize: > 0 } limited && publish.Payload.Length + (3L * publish.Topic.Length) + 32 > limited.MaximumPacketSize;

    void Settled(ushort packet)
    {
        lock (gate)
        {
            if (!inFlight.Remove(packet))
            {
                return;
            }
        }

        room.Release();
    }

    void Refuse(string reason, byte code)
    {
        channel.End(reason, code);
        throw new MqttProtocolViolationException(reason);
    }
}
