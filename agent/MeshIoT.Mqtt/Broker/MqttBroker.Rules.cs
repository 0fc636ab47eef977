using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Mqtt.Access;
using MeshIoT.Mqtt.Topics;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using MQTTnet.Server;
using MQTTnet.Server.Internal;

namespace MeshIoT.Mqtt.Broker;

/// <summary>Who is let in, and what they may do.</summary>
public sealed partial class MqttBroker
{
    const int LongestClientId = 128;

    void Listen()
    {
        events.ValidatingConnectionEvent.AddHandler(ValidateAsync);
        events.ClientConnectedEvent.AddHandler(Connected);
        events.InterceptingPublishEvent.AddHandler(Judge);
        events.InterceptingSubscriptionEvent.AddHandler(Judge);
        events.InterceptingClientEnqueueEvent.AddHandler(Judge);
        events.ClientSubscribedTopicEvent.AddHandler(Subscribed);
        events.ClientUnsubscribedTopicEvent.AddHandler(Unsubscribed);
        events.ClientAcknowledgedPublishPacketEvent.AddHandler(Acknowledged);
        events.QueuedApplicationMessageOverwrittenEvent.AddHandler(Overwritten);
        events.SessionDeletedEvent.AddHandler(Deleted);
    }

    async Task ValidateAsync(ValidatingConnectionEventArgs asked)
    {
        if (asked.ChannelAdapter is RestoreAdapter)
        {
            return;
        }

        ClientAdapter adapter = (ClientAdapter)asked.ChannelAdapter;
        if (adapter.IsIdAssigned)
        {
            asked.AssignedClientIdentifier = asked.ClientId;
        }

        (asked.ReasonCode, asked.ReasonString) = await JudgeAsync(adapter, adapter.Connect!);
    }

    async Task<(MqttConnectReasonCode Code, string? Why)> JudgeAsync(ClientAdapter adapter, MqttConnectPacket asked)
    {
        if (Counters.Connections > options.MostConnections)
        {
            return (MqttConnectReasonCode.ServerUnavailable, "there are too many connections");
        }

        if (asked.ClientId is not { Length: > 0 and <= LongestClientId } id || id[0] == '$' || id.Any(c => char.IsControl(c) || c == '\uFFFD'))
        {
            return (MqttConnectReasonCode.ClientIdentifierNotValid, "a client id has 1 to 128 characters and does not begin with $");
        }

        if (asked.AuthenticationMethod is { Length: > 0 })
        {
            return (MqttConnectReasonCode.BadAuthenticationMethod, "only user name and password are known here");
        }

        bool hasName = !string.IsNullOrEmpty(asked.Username);
        MqttUser? user = access.Find(asked.Username);
        if (user is null && !hasName)
        {
            return (MqttConnectReasonCode.NotAuthorized, "a user name is needed");
        }

        LoginResult login = await logins.CheckAsync(user, asked.Password, (adapter.RemoteEndPoint as IPEndPoint)?.Address);
        if (login != LoginResult.Welcome)
        {
            return login == LoginResult.TooMany
                ? (MqttConnectReasonCode.ServerBusy, "too many logins; wait a minute")
                : (MqttConnectReasonCode.BadUserNameOrPassword, "user name or password is wrong");
        }

        if (asked.WillFlag && !TopicRules.IsName(asked.WillTopic ?? ""))
        {
            return (adapter.IsVersion5 ? MqttConnectReasonCode.TopicNameInvalid : MqttConnectReasonCode.NotAuthorized, "the last will's topic cannot be");
        }

        if (asked.WillFlag && (asked.WillQoS > MqttQualityOfServiceLevel.ExactlyOnce || !AccessList.MayWrite(user!, asked.WillTopic!)))
        {
            return (MqttConnectReasonCode.NotAuthorized, "the user may not publish the last will");
        }

        // A session holds what its user may read: nobody else gets it by knowing the client id.
        bool isKnown = clients.TryGetValue(id, out BrokerClient? known);
        if (isKnown && known!.User.Name != user!.Name)
        {
            return (MqttConnectReasonCode.ClientIdentifierNotValid, "the client id belongs to another user");
        }

        if (!isKnown && Expiry(adapter, asked) > 0 && clients.Values.Count(c => c.ExpirySeconds > 0) >= options.MostSessions)
        {
            return (adapter.IsVersion5 ? MqttConnectReasonCode.QuotaExceeded : MqttConnectReasonCode.ServerUnavailable, "there are too many lasting sessions");
        }

        adapter.User = user;
        return (MqttConnectReasonCode.Success, null);
    }

    Task Connected(ClientConnectedEventArgs connected)
    {
        MqttConnectedClient now = sessions.GetClient(connected.ClientId);
        if (now.ChannelAdapter is not ClientAdapter { User: { } user } adapter)
        {
            return Task.CompletedTask;
        }

        if (!clients.TryGetValue(connected.ClientId, out BrokerClient? client) || client.Session != now.Session)
        {
            client = new BrokerClient(connected.ClientId, user, now.Session);
            clients[connected.ClientId] = client;
        }

        client.ExpirySeconds = Expiry(adapter, adapter.Connect!);
        client.Recovered();
        (client.Adapter, adapter.Client) = (adapter, client);
        Changed(soon: client.ExpirySeconds > 0);
        return Task.CompletedTask;
    }

    uint Expiry(ClientAdapter adapter, MqttConnectPacket asked)
    {
        uint most = (uint)options.SessionExpiry.TotalSeconds;
        return adapter.IsVersion5 ? Math.Min(asked.SessionExpiryInterval, most) : asked.CleanSession ? 0 : most;
    }

    Task Judge(InterceptingPublishEventArgs asked)
    {
        if (asked.ClientId == Own)
        {
            return Task.CompletedTask;
        }

        MqttPubAckReasonCode code = JudgePublish(asked);
        if (code != MqttPubAckReasonCode.Success)
        {
            Counters.CountDenied();
            asked.ProcessPublish = false;
            asked.Response.ReasonCode = code;
        }

        return Task.CompletedTask;
    }

    MqttPubAckReasonCode JudgePublish(InterceptingPublishEventArgs asked)
    {
        string topic = asked.ApplicationMessage.Topic ?? "";
        if (!TopicRules.IsName(topic))
        {
            return MqttPubAckReasonCode.TopicNameInvalid;
        }

        if (!clients.TryGetValue(asked.ClientId, out BrokerClient? client) || !AccessList.MayWrite(client.User, topic))
        {
            return MqttPubAckReasonCode.NotAuthorized;
        }

        int qos = (int)asked.ApplicationMessage.QualityOfServiceLevel;
        if (asked.ApplicationMessage.Retain)
        {
            if (!retained.TryTake(new RetainedEntry(topic, asked.ApplicationMessage.Payload, qos, IsOwn: false), out bool isChange))
            {
                return MqttPubAckReasonCode.QuotaExceeded;
            }

            Changed(soon: isChange);
        }

        Received?.Invoke(new BrokerMessage(topic, System.Buffers.BuffersExtensions.ToArray(asked.ApplicationMessage.Payload), asked.ApplicationMessage.Retain, qos, client.User.Name));
        return MqttPubAckReasonCode.Success;
    }

    Task Judge(InterceptingSubscriptionEventArgs asked)
    {
        if (!clients.TryGetValue(asked.ClientId, out BrokerClient? client))
        {
            // A session that is being brought back; it was judged when it began.
            return Task.CompletedTask;
        }

        string filter = asked.TopicFilter.Topic ?? "";
        MqttSubscribeReasonCode? refused = !TopicRules.IsFilter(filter) ? MqttSubscribeReasonCode.TopicFilterInvalid
            : !AccessList.MayRead(client.User, filter) ? MqttSubscribeReasonCode.NotAuthorized
            : !client.Has(filter) && client.SubscriptionCount >= options.MostSubscriptions ? MqttSubscribeReasonCode.QuotaExceeded
            : null;
        if (refused is { } code)
        {
            Counters.CountDenied();
            asked.Response.ReasonCode = code;
            asked.ProcessSubscription = false;
        }

        return Task.CompletedTask;
    }

    Task Judge(InterceptingClientApplicationMessageEnqueueEventArgs asked)
    {
        if (restoring is { } only)
        {
            asked.AcceptEnqueue = asked.ReceiverClientId == only;
            return Task.CompletedTask;
        }

        if (clients.TryGetValue(asked.ReceiverClientId, out BrokerClient? client))
        {
            MQTTnet.MqttApplicationMessage message = asked.ApplicationMessage;
            asked.AcceptEnqueue = client.TryQueue(message.Topic, message.Payload, (int)message.QualityOfServiceLevel, options.MostQueuedBytes);
            if (!asked.AcceptEnqueue)
            {
                Dropped(client);
            }
            else if (client.ExpirySeconds > 0)
            {
                Changed(soon: false);
            }
        }

        return Task.CompletedTask;
    }

    Task Subscribed(ClientSubscribedTopicEventArgs subscribed)
    {
        if (clients.TryGetValue(subscribed.ClientId, out BrokerClient? client))
        {
            MqttTopicFilter filter = subscribed.TopicFilter;
            client.Add(new KeptSubscription(filter.Topic, (int)filter.QualityOfServiceLevel, filter.NoLocal, filter.RetainAsPublished));
            Changed(soon: client.ExpirySeconds > 0);
        }

        return Task.CompletedTask;
    }

    Task Unsubscribed(ClientUnsubscribedTopicEventArgs unsubscribed)
    {
        if (clients.TryGetValue(unsubscribed.ClientId, out BrokerClient? client) && client.Remove(unsubscribed.TopicFilter))
        {
            Changed(soon: client.ExpirySeconds > 0);
        }

        return Task.CompletedTask;
    }

    Task Acknowledged(ClientAcknowledgedPublishPacketEventArgs acknowledged)
    {
        if (clients.TryGetValue(acknowledged.ClientId, out BrokerClient? client))
        {
            client.Settle(acknowledged.PublishPacket.Topic, acknowledged.PublishPacket.Payload);
        }

        return Task.CompletedTask;
    }

    Task Overwritten(QueueMessageOverwrittenEventArgs overwritten)
    {
        if (clients.TryGetValue(overwritten.ReceiverClientId, out BrokerClient? client) && overwritten.Packet is MqttPublishPacket packet)
        {
            if (packet.QualityOfServiceLevel > MqttQualityOfServiceLevel.AtMostOnce)
            {
                // The library would keep it for ever as unacknowledged.
                client.Session.AcknowledgePublishPacket(packet.PacketIdentifier);
            }

            client.Overwritten(packet.Topic, packet.Payload);
            Dropped(client);
        }

        return Task.CompletedTask;
    }

    Task Deleted(SessionDeletedEventArgs deleted)
    {
        if (clients.TryGetValue(deleted.Id, out BrokerClient? client) && ReferenceEquals(client.Session.Items, deleted.SessionItems))
        {
            clients.TryRemove(new(deleted.Id, client));
            Changed(soon: client.ExpirySeconds > 0);
        }

        return Task.CompletedTask;
    }

    void Dropped(BrokerClient client)
    {
        Counters.CountDropped();

        // Said once for the first and then for every doubling: a slow client must not keep the board busy as well.
        if (client.Adapter is not null && long.IsPow2(client.Dropped))
        {
            Faulted?.Invoke("mqtt:slow:" + client.Id, Faults.MqttSubscriberSlow.With(client.Id, client.Dropped));
        }
    }
}
