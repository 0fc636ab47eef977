using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Mqtt.Access;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace MeshIoT.Mqtt.Broker;

/// <summary>What outlives a restart: sessions that were asked to last, what waits for them, and what clients had retained.</summary>
public sealed partial class MqttBroker
{
    static readonly TimeSpan RestoreLimit = TimeSpan.FromSeconds(10);

    readonly Lock saving = new();
    readonly ITimer saver;
    volatile string? restoring;
    long saveDue = long.MaxValue;
    bool mayOverwrite = true;

    /// <summary>Writes down now what is to outlive a restart. False when it could not be written; the fault says why.</summary>
    internal bool SaveNow()
    {
        lock (saving)
        {
            saveDue = long.MaxValue;
            if (options.StateFile is not { } path || !mayOverwrite)
            {
                return true;
            }

            try
            {
                BrokerStateFile.Save(path, BrokerStateFile.Write(StateNow(), options.MostStateBytes));
                Faulted?.Invoke("mqtt:state", null);
                return true;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Faulted?.Invoke("mqtt:state", Faults.MqttStateUnusable.With(path, e.Message.TrimEnd('.')));
                return false;
            }
        }
    }

    BrokerState Load()
    {
        if (options.StateFile is not { } path || !File.Exists(path))
        {
            return BrokerState.Empty;
        }

        string why;
        try
        {
            if (new FileInfo(path).Length <= 2L * options.MostStateBytes && BrokerStateFile.Read(File.ReadAllBytes(path)) is { } state)
            {
                return state;
            }

            why = "its content is damaged";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            why = e.Message.TrimEnd('.');
        }

        // A file that cannot be read is never overwritten: it is moved aside, and if that fails nothing is written.
        try
        {
            File.Move(path, path + ".damaged", overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mayOverwrite = false;
        }

        Faulted?.Invoke("mqtt:state", Faults.MqttStateUnusable.With(path, why));
        return BrokerState.Empty;
    }

    BrokerState StateNow()
    {
        List<KeptSession> kept = [];
        long now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (BrokerClient client in clients.Values)
        {
            if (client.ExpirySeconds > 0)
            {
                (KeptSubscription[] subscriptions, WaitingMessage[] waiting) = client.Snapshot();
                kept.Add(new KeptSession(client.Id, client.User.Name, client.ExpirySeconds, client.Adapter is null ? client.AwaySinceUnixMs : now, subscriptions, waiting));
            }
        }

        return new BrokerState([.. retained.Snapshot().Where(e => !e.IsOwn)], kept);
    }

    async Task RestoreAsync(KeptSession kept)
    {
        long age = time.GetUtcNow().ToUnixTimeMilliseconds() - kept.AwaySinceUnixMs;
        if (access.Find(kept.User) is not { } user || user.Name != kept.User || age > 1000L * kept.ExpirySeconds || kept.ClientId.Length == 0)
        {
            return;
        }

        RestoreAdapter adapter = new();
        MqttConnectPacket connect = new() { ClientId = kept.ClientId, Username = kept.User, CleanSession = false, SessionExpiryInterval = uint.MaxValue };
        adapter.Give(connect);
        MqttSubscribePacket subscribe = new() { PacketIdentifier = ushort.MaxValue };
        foreach (KeptSubscription subscription in kept.Subscriptions)
        {
            // Rights may have become fewer.
            if (AccessList.MayRead(user, subscription.Filter))
            {
                subscribe.TopicFilters.Add(new MqttTopicFilter
                {
                    Topic = subscription.Filter,
                    QualityOfServiceLevel = (MqttQualityOfServiceLevel)subscription.QoS,
                    NoLocal = subscription.NoLocal,
                    RetainAsPublished = subscription.RetainAsPublished,
                    RetainHandling = MqttRetainHandling.DoNotSendOnSubscribe,
                });
            }
        }

        adapter.Give(subscribe);
        Task serving = sessions.HandleClientConnectionAsync(adapter, stopping.Token);
        await Task.WhenAny(adapter.Subscribed, serving).WaitAsync(RestoreLimit);
        if (serving.IsCompleted)
        {
            return;
        }

        BrokerClient client = new(kept.ClientId, user, sessions.GetClient(kept.ClientId).Session) { ExpirySeconds = kept.ExpirySeconds, AwaySinceUnixMs = kept.AwaySinceUnixMs };
        foreach (MqttTopicFilter filter in subscribe.TopicFilters)
        {
            client.Add(new KeptSubscription(filter.Topic, (int)filter.QualityOfServiceLevel, filter.NoLocal, filter.RetainAsPublished));
        }

        clients[kept.ClientId] = client;
        restoring = kept.ClientId;
        foreach (WaitingMessage message in kept.Waiting)
        {
            client.TryQueue(message.Topic, message.Payload, message.QoS, long.MaxValue);
            await sessions.DispatchApplicationMessage(Own, null, ownItems, Message(message.Topic, message.Payload, retain: false, message.QoS), CancellationToken.None);
        }

        restoring = null;
        adapter.Give(new MqttDisconnectPacket());
        await serving.WaitAsync(RestoreLimit);
        client.Recovered();
        sweep.Arm(sweep.Now + Math.Max(0, (1000L * kept.ExpirySeconds) - age));
    }

    void Changed(bool soon)
    {
        if (options.StateFile is null || restoring is not null || isStopped != 0)
        {
            return;
        }

        TimeSpan wait = soon ? options.SaveSoon : options.SaveLater;
        long due = sweep.Now + (long)wait.TotalMilliseconds;
        if (due >= Volatile.Read(ref saveDue))
        {
            return;
        }

        lock (saving)
        {
            if (due < saveDue)
            {
                saveDue = due;
                saver.Change(wait, Timeout.InfiniteTimeSpan);
            }
        }
    }

    void SaveIfChanged()
    {
        if (isStopped == 0)
        {
            SaveNow();
        }
    }
}
