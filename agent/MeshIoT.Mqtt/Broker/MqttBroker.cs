using System;
using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.Mqtt.Access;
using MeshIoT.Sensors;
using MQTTnet;
using MQTTnet.Diagnostics.Logger;
using MQTTnet.Protocol;
using MQTTnet.Server;
using MQTTnet.Server.Internal;

namespace MeshIoT.Mqtt.Broker;

/// <summary>
/// The gateway's own broker: MQTT 3.1.1 and 5 on any stream. The packets and sessions are MQTTnet's; who may do what, all bounds, and what outlives a
/// restart are here. Without connections it has no thread and no timer.
/// </summary>
public sealed partial class MqttBroker : IMqttPublisher, IAsyncDisposable
{
    /// <summary>The gateway's own name as a sender; clients cannot have an id that begins with $.</summary>
    const string Own = "$gateway";

    readonly BrokerOptions options;
    readonly TimeProvider time;
    readonly MqttServerOptions serverOptions = new();
    readonly MqttServerEventContainer events = new();
    readonly MqttRetainedMessagesManager retainedMessages;
    readonly MqttClientSessionsManager sessions;
    readonly ConcurrentDictionary<string, BrokerClient> clients = new(StringComparer.Ordinal);
    readonly RetainedTable retained;
    readonly LoginGate logins;
    readonly ByteBudget budget;
    readonly DeadlineSweep sweep;
    readonly CancellationTokenSource stopping = new();
    readonly Dictionary<object, object> ownItems = [];
    volatile AccessList access;
    int isStopped;

    /// <summary>A broker that nobody is connected to yet.</summary>
    /// <param name="options">Its bounds.</param>
    /// <param name="access">Who may do what.</param>
    /// <param name="time">The clock.</param>
    public MqttBroker(BrokerOptions options, AccessList access, TimeProvider time)
    {
        (this.options, this.access, this.time) = (options, access, time);
        (retained, logins, budget) = (new RetainedTable(options.MostRetained, options.MostRetainedBytes), new LoginGate(time), new ByteBudget(options.MostBytesUnderWay));
        serverOptions.EnablePersistentSessions = true;
        serverOptions.MaxPendingMessagesPerClient = options.MostQueued;
        serverOptions.DefaultCommunicationTimeout = options.ConnectLimit;
        retainedMessages = new MqttRetainedMessagesManager(events, MqttNetNullLogger.Instance);
        sessions = new MqttClientSessionsManager(serverOptions, retainedMessages, events, MqttNetNullLogger.Instance);
        sweep = new DeadlineSweep(time, Counters, DoWhatIsDue);
        saver = time.CreateTimer(static state => ((MqttBroker)state!).SaveIfChanged(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Listen();
    }

    /// <summary>A client published this and was allowed to; on a thread that must not be held up.</summary>
    public event Action<BrokerMessage>? Received;

    /// <summary>Something is wrong that lasts, or with null is right again, by topic: "mqtt:state", "mqtt:slow:CLIENT".</summary>
    public event Action<string, FaultReport?>? Faulted;

    /// <summary>What it did so far.</summary>
    public BrokerCounters Counters { get; } = new();

    /// <summary>Sessions, those of clients that are away included.</summary>
    public int Sessions => clients.Count;

    /// <summary>Brings back what was kept. Call it once, before the first connection.</summary>
    public async Task StartAsync()
    {
        BrokerState state = Load();
        events.LoadingRetainedMessagesEvent.AddHandler(loading =>
        {
            loading.LoadedRetainedMessages = [];
            foreach (RetainedEntry entry in state.Retained)
            {
                if (retained.TryTake(entry, out _))
                {
                    loading.LoadedRetainedMessages.Add(Message(entry.Topic, entry.Payload, retain: true, entry.QoS));
                }
            }

            return Task.CompletedTask;
        });
        await retainedMessages.Start();
        sessions.Start();
        foreach (KeptSession session in state.Sessions)
        {
            await RestoreAsync(session);
        }
    }

    /// <summary>Serves a connection until it ends. Never throws.</summary>
    /// <param name="stream">The bytes; disposed at the end.</param>
    /// <param name="remote">Where it comes from.</param>
    /// <param name="closeWrite">Says that nothing more will be written; null where the stream cannot.</param>
    public async Task ServeAsync(Stream stream, EndPoint? remote, Action? closeWrite)
    {
        // A few beyond the limit are let in far enough to be told why they are refused.
        if (Counters.AddConnection(1) > options.MostConnections + 64 || stopping.IsCancellationRequested)
        {
            Counters.CountRefused();
            Counters.AddConnection(-1);
            await stream.DisposeAsync();
            return;
        }

        PacketFrames frames = new(fromClient: true, options.MostConnectBytes, options.MostPacketBytes);
        StreamChannel channel = new(stream, null, closeWrite, remote, frames, budget, () => sweep.Now) { IdleLimit = options.ConnectLimit, StallLimit = options.StallLimit };
        ClientAdapter adapter = new(channel, options, Counters);
        sweep.Add(channel);
        try
        {
            await sessions.HandleClientConnectionAsync(adapter, stopping.Token);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // Whatever a connection does ends that connection.
            Counters.CountEnded();
        }
        finally
        {
            sweep.Remove(channel);
            Counters.AddConnection(-1);
            if (adapter.Client is null)
            {
                Counters.CountRefused();
            }

            Left(adapter);
            adapter.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Publish(string topic, ReadOnlyMemory<byte> payload, bool retain) => _ = PublishAsync(topic, payload, retain, 1);

    /// <summary>Publishes as the gateway itself.</summary>
    /// <param name="topic">A name that <see cref="Topics.TopicRules.IsName"/>; anything else is not published.</param>
    /// <param name="payload">The bytes; kept, so they must not change.</param>
    /// <param name="retain">Whether the broker keeps it for later subscribers. An empty payload removes.</param>
    /// <param name="qos">0 to 2.</param>
    public async Task PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain, int qos)
    {
        ReadOnlySequence<byte> bytes = new(payload);
        if (isStopped != 0 || !Topics.TopicRules.IsName(topic) || (retain && !retained.TryTake(new RetainedEntry(topic, bytes, qos, IsOwn: true), out _)))
        {
            return;
        }

        await sessions.DispatchApplicationMessage(Own, null, ownItems, Message(topic, bytes, retain, qos), CancellationToken.None);
    }

    /// <summary>Goes by these users from now on. Clients whose user is not what it was are disconnected.</summary>
    public void Use(AccessList list)
    {
        access = list;
        foreach (BrokerClient client in clients.Values)
        {
            if (!AccessList.AreSame(client.User, list.Find(client.User.Name)))
            {
                client.Adapter?.Channel.End("its rights have changed", 0x87);
                _ = sessions.DeleteSessionAsync(client.Id);
            }
        }
    }

    /// <summary>Ends all connections, writes down what is to outlive it, and is done.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isStopped, 1) != 0)
        {
            return;
        }

        foreach (BrokerClient client in clients.Values)
        {
            client.Adapter?.Channel.End("the broker is stopping", 0x8B);
        }

        SaveNow();
        await stopping.CancelAsync();
        await saver.DisposeAsync();
        sweep.Dispose();
        logins.Dispose();
    }

    static MqttApplicationMessage Message(string topic, ReadOnlySequence<byte> payload, bool retain, int qos) =>
        new() { Topic = topic, Payload = payload, Retain = retain, QualityOfServiceLevel = (MqttQualityOfServiceLevel)qos };

    // What a session waits for ends after its time.
    long DoWhatIsDue(long now)
    {
        long next = long.MaxValue, unixMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (BrokerClient client in clients.Values)
        {
            if (client.Adapter is null)
            {
                long left = client.AwaySinceUnixMs + (1000L * client.ExpirySeconds) - unixMs;
                if (left <= 0)
                {
                    _ = sessions.DeleteSessionAsync(client.Id);
                }
                else
                {
                    next = Math.Min(next, now + left);
                }
            }
        }

        return next;
    }

    void Left(ClientAdapter adapter)
    {
        if (adapter.Client is not { } client || client.Adapter != adapter)
        {
            return;
        }

        client.Adapter = null;
        client.AwaySinceUnixMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (client.ExpirySeconds > 0)
        {
            sweep.Arm(sweep.Now + (1000L * client.ExpirySeconds));
            Changed(soon: true);
        }

        Faulted?.Invoke("mqtt:slow:" + client.Id, null);
    }
}
