using System.Buffers;
using System.Collections.Generic;
using System.Threading;
using MeshIoT.Mqtt.Access;
using MeshIoT.Mqtt.Topics;
using MQTTnet.Server.Internal;

namespace MeshIoT.Mqtt.Broker;

/// <summary>
/// What the broker knows of one client id beside the library's session: who it is, what it subscribed to, what waits for it. The library keeps
/// every unacknowledged message of a session and drops none of them; the bounds are kept here.
/// </summary>
internal sealed class BrokerClient(string id, MqttUser user, MqttSession session)
{
    readonly Lock gate = new();
    readonly Dictionary<string, KeptSubscription> subscriptions = [];
    readonly LinkedList<WaitingMessage> waiting = [];
    long pendingBytes;

    public string Id => id;

    public MqttUser User => user;

    public MqttSession Session => session;

    /// <summary>The connection; null while it is away.</summary>
    public ClientAdapter? Adapter { get; set; }

    /// <summary>Seconds that the session outlives its connection; 0: it does not.</summary>
    public uint ExpirySeconds { get; set; }

    /// <summary>When it went away, milliseconds since 1970-01-01 UTC.</summary>
    public long AwaySinceUnixMs { get; set; }

    /// <summary>Messages dropped so far.</summary>
    public long Dropped { get; private set; }

    public int SubscriptionCount
    {
        get
        {
            lock (gate)
            {
                return subscriptions.Count;
            }
        }
    }

    public bool Has(string filter)
    {
        lock (gate)
        {
            return subscriptions.ContainsKey(filter);
        }
    }

    public void Add(KeptSubscription subscription)
    {
        lock (gate)
        {
            subscriptions[subscription.Filter] = subscription;
        }
    }

    public bool Remove(string filter)
    {
        lock (gate)
        {
            return subscriptions.Remove(filter);
        }
    }

    /// <summary>Takes a message that is about to be queued; false when it would be too many bytes.</summary>
    public bool TryQueue(string topic, ReadOnlySequence<byte> payload, int qos, long mostBytes)
    {
        lock (gate)
        {
            if (pendingBytes + payload.Length > mostBytes)
            {
                Dropped++;
                return false;
            }

            pendingBytes += payload.Length;
            if (ExpirySeconds > 0 && qos > 0 && Granted(topic, qos) is > 0 and int effective)
            {
                waiting.AddLast(new WaitingMessage(topic, payload, effective));
            }

            return true;
        }
    }

    /// <summary>A message has left for the client.</summary>
    public void Sent(long bytes)
    {
        lock (gate)
        {
            pendingBytes = pendingBytes > bytes ? pendingBytes - bytes : 0;
        }
    }

    /// <summary>A queued message made place for a newer one.</summary>
    public void Overwritten(string topic, ReadOnlySequence<byte> payload)
    {
        Sent(payload.Length);
        Settle(topic, payload);
        lock (gate)
        {
            Dropped++;
        }
    }

    /// <summary>The client has acknowledged a message, or never will.</summary>
    public void Settle(string topic, ReadOnlySequence<byte> payload)
    {
        lock (gate)
        {
            for (LinkedListNode<WaitingMessage>? node = waiting.First; node is not null; node = node.Next)
            {
                if (node.Value.Is(topic, payload))
                {
                    waiting.Remove(node);
                    return;
                }
            }
        }
    }

    /// <summary>The client is back: the library queues again what was not acknowledged, and nothing else.</summary>
    public void Recovered()
    {
        lock (gate)
        {
            pendingBytes = 0;
            foreach (WaitingMessage message in waiting)
            {
                pendingBytes += message.Payload.Length;
            }
        }
    }

    /// <summary>All subscriptions and all that waits, now.</summary>
    public (KeptSubscription[] Subscriptions, WaitingMessage[] Waiting) Snapshot()
    {
        lock (gate)
        {
            return ([.. subscriptions.Values], [.. waiting]);
        }
    }

    int Granted(string topic, int qos)
    {
        int most = 0;
        foreach (KeptSubscription subscription in subscriptions.Values)
        {
            if (subscription.QoS > most && TopicRules.Matches(subscription.Filter, topic))
            {
                most = subscription.QoS;
            }
        }

        return most < qos ? most : qos;
    }
}
