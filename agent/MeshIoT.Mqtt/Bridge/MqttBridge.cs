using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using MeshIoT.Health;
using MeshIoT.History;
using MeshIoT.Mqtt.Publishing;
using MeshIoT.Mqtt.Topics;

namespace MeshIoT.Mqtt.Bridge;

/// <summary>
/// Carries messages to another broker and back, for ever. What goes out is read from the spool in order and acknowledged there when the broker has
/// acknowledged it and all before it; how things are now is said again on every connection. A broker that is away is tried again by <see cref="Backoff"/>.
/// </summary>
internal sealed class MqttBridge : IAsyncDisposable
{
    /// <summary>Messages under way at a time.</summary>
    const int Window = 64;

    /// <summary>Once a connection lived this long the next wait is short.</summary>
    static readonly TimeSpan Stable = TimeSpan.FromSeconds(30);

    readonly Spool spool;
    readonly IBridgeHost host;
    readonly Func<BridgeOptions, IBridgeLink> links;
    readonly TimeProvider time;
    readonly Backoff backoff;
    readonly CancellationTokenSource stopping = new();
    readonly Channel<StateMessage?> wake = Channel.CreateBounded<StateMessage?>(new BoundedChannelOptions(1024) { FullMode = BoundedChannelFullMode.DropOldest });
    readonly Task running;
    CancellationTokenSource? session;

    /// <param name="options">The bridge.</param>
    /// <param name="spool">Where outgoing messages wait.</param>
    /// <param name="host">The gateway.</param>
    /// <param name="links">Makes connections.</param>
    /// <param name="time">The clock.</param>
    /// <param name="random">Spreads the tries of many gateways.</param>
    public MqttBridge(BridgeOptions options, Spool spool, IBridgeHost host, Func<BridgeOptions, IBridgeLink> links, TimeProvider time, Random random)
    {
        (Options, this.spool, this.host, this.links, this.time, backoff) = (options, spool, host, links, time, new Backoff(random));
        running = Task.Run(RunAsync);
    }

    public BridgeOptions Options { get; }

    /// <summary>True while the broker is reached.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>True when messages of that topic go out here.</summary>
    public bool Wants(string topic) => Options.Out.Any(filter => TopicRules.Matches(filter, topic));

    /// <summary>There is something new in the spool.</summary>
    public void Poke() => wake.Writer.TryWrite(null);

    /// <summary>Something has changed that brokers are told at once, or on the next connection.</summary>
    public void Tell(StateMessage message) => wake.Writer.TryWrite(message);

    /// <summary>Connects anew, because the gateway has another name now.</summary>
    public void Reconnect()
    {
        try
        {
            Volatile.Read(ref session)?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // That connection has just ended.
        }
    }

    /// <summary>Says goodbye and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        host.Show("mqtt:bridge:" + Options.Name, null);
    }

    async Task RunAsync()
    {
        int connections = 0;
        while (!stopping.IsCancellationRequested)
        {
            long began = 0;
            using CancellationTokenSource once = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
            Volatile.Write(ref session, once);
            try
            {
                await using IBridgeLink link = links(Options);
                BridgeSession carrying = new(Options, spool, host, link, wake.Reader, time) { Connections = connections++ };
                int window = await carrying.OpenAsync(Password(), once.Token);
                host.Show("mqtt:bridge:" + Options.Name, null);
                IsConnected = true;
                began = time.GetTimestamp();
                await carrying.ServeAsync(Math.Min(window, Window), once.Token);
            }
            catch (OperationCanceledException) when (once.IsCancellationRequested)
            {
                if (stopping.IsCancellationRequested)
                {
                    return;
                }

                backoff.Reset();
            }
            catch (LinkException e)
            {
                host.Show("mqtt:bridge:" + Options.Name, e.IsRefused
                    ? Faults.BridgeRefused.With(Options.Name, Options.Address, e.Message)
                    : Faults.BridgeAway.With(Options.Name, Options.Address, e.InnerException is FaultException inner ? inner.Report.Message : e.Message, spool.Pending(Options.Name)));
            }
            catch (FaultException e)
            {
                host.Show("mqtt:bridge:" + Options.Name, e.Report);
            }
            finally
            {
                IsConnected = false;
                Volatile.Write(ref session, null);
            }

            if (began != 0 && time.GetElapsedTime(began) > Stable)
            {
                backoff.Reset();
            }

            try
            {
                await Task.Delay(backoff.Next(), time, stopping.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    byte[]? Password()
    {
        if (Options.PasswordFile.Length == 0)
        {
            return null;
        }

        try
        {
            string line = File.ReadLines(Options.PasswordFile).FirstOrDefault() ?? "";
            return Encoding.UTF8.GetBytes(line.Trim());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw Faults.BridgeFileUnusable.With(Options.Name, Options.PasswordFile, e.Message.TrimEnd('.')).ToException(e);
        }
    }
}
