using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace MeshIoT.Sensors.Programs;

/// <summary>
/// A unix socket that programs write readings to, and the sensors that share it. It is open as long as it has a sensor. Lines for sensors that are not
/// its own are refused and counted; so are connections beyond a bound.
/// </summary>
internal sealed class SensorSocket
{
    /// <summary>Writers at a time.</summary>
    public const int MostWriters = 32;

    static readonly Dictionary<string, SensorSocket> Open = new(StringComparer.Ordinal);

    readonly Lock gate = new();
    readonly string path;
    readonly Socket listener;
    readonly CancellationTokenSource stop = new();
    readonly List<SocketDevice> devices = [];
    long refused;
    int writers;
    string refusal = "";

    SensorSocket(string path, UnixFileMode mode)
    {
        this.path = path;
        Vacate(path);
        if (Path.GetDirectoryName(path) is { } directory && !Directory.Exists(directory))
        {
            Directory.CreateDirectory(directory);
        }

        listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // A new socket may be written to by its owner only, until it has its mode.
            listener.Bind(new UnixDomainSocketEndPoint(path));
            File.SetUnixFileMode(path, mode);
            listener.Listen(MostWriters);
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        _ = AcceptAsync();
    }

    /// <summary>Lines and connections that were refused so far.</summary>
    public long Refused => Interlocked.Read(ref refused);

    /// <summary>The socket at <paramref name="path"/>, which is opened for its first sensor. Throws what the system says.</summary>
    public static SensorSocket Join(string path, UnixFileMode mode, SocketDevice device)
    {
        lock (Open)
        {
            if (!Open.TryGetValue(path, out SensorSocket? socket))
            {
                Open[path] = socket = new SensorSocket(path, mode);
            }

            lock (socket.gate)
            {
                socket.devices.Add(device);
            }

            return socket;
        }
    }

    /// <summary>One sensor less; with the last one the socket is closed and its writers are sent away.</summary>
    public void Leave(SocketDevice device)
    {
        lock (Open)
        {
            bool isEmpty;
            lock (gate)
            {
                devices.Remove(device);
                isEmpty = devices.Count == 0;
            }

            if (isEmpty && Open.GetValueOrDefault(path) == this)
            {
                Open.Remove(path);
                stop.Cancel();
                listener.Dispose();
                TryDelete(path);
            }
        }
    }

    /// <summary>A sensor takes the place of another.</summary>
    public void Replace(SocketDevice before, SocketDevice after)
    {
        lock (gate)
        {
            devices.Remove(before);
            devices.Add(after);
        }
    }

    /// <summary>For error texts: what was refused, and why the last time; empty when nothing was.</summary>
    public string Refusals()
    {
        lock (gate)
        {
            return refused == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" ({refused} lines were refused; the last: {refusal})");
        }
    }

    /// <summary>Counts a refusal.</summary>
    public void Refuse(string why)
    {
        lock (gate)
        {
            refused++;
            refusal = why;
        }
    }

    /// <summary>The sensor of that id; null: there is none here.</summary>
    public SocketDevice? Find(string id)
    {
        lock (gate)
        {
            return devices.Find(d => d.Id == id);
        }
    }

    async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Socket writer = await listener.AcceptAsync(stop.Token).ConfigureAwait(false);
                if (Interlocked.Increment(ref writers) > MostWriters)
                {
                    Interlocked.Decrement(ref writers);
                    Refuse("more than " + MostWriters.ToString(CultureInfo.InvariantCulture) + " writers at a time");
                    writer.Dispose();
                    continue;
                }

                _ = ServeAsync(writer);
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // Out of descriptors, or a writer that went at once: not again and again without a pause.
                await Task.Delay(1000, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    async Task ServeAsync(Socket writer)
    {
        try
        {
            await new SocketWriter(this, writer, TimeProvider.System).RunAsync(stop.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It is gone.
        }
        finally
        {
            writer.Dispose();
            Interlocked.Decrement(ref writers);
        }
    }

    // A socket that a program of before left behind goes; one that somebody listens on does not.
    static void Vacate(string path)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            probe.Connect(new UnixDomainSocketEndPoint(path));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }

        throw new IOException("another program listens on it");
    }

    static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start vacates it.
        }
    }
}
