using System;
using System.IO;
using System.Text.Json;
using System.Threading;
using MeshIoT.Crypto;
using MeshIoT.Health;
using MeshIoT.Linux.Files;

namespace MeshIoT.Node.State;

/// <summary>
/// state.json in the state directory. A save is: write a temporary file, fsync it, rename it over the old one, fsync the
/// directory; so the file is the old state or the new one whenever the power goes. A file that cannot be understood is
/// reported and never touched. The lock file keeps a second process out.
/// </summary>
internal sealed class StateStore : IDisposable
{
    const int LargestFile = 64 * 1024;
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    readonly string directory, path;
    readonly FileStream lockFile;
    readonly Lock gate = new();
    NodeState current = new();
    long coordinatorAheadTicks;
    readonly TimeProvider clock;

    StateStore(string directory, FileStream lockFile, TimeProvider clock)
    {
        this.directory = directory;
        this.lockFile = lockFile;
        this.clock = clock;
        path = Path.Combine(directory, "state.json");
    }

    /// <summary>What is on the disk. Not to be changed but by <see cref="Update"/>.</summary>
    public NodeState Current
    {
        get => Volatile.Read(ref current);
        private set => Volatile.Write(ref current, value);
    }

    /// <summary>Files written since the start; an idle hour adds none.</summary>
    public int Saves { get; private set; }

    /// <summary>How far the coordinator's clock is ahead of this machine's; it counts only while that is certainly wrong.</summary>
    public TimeSpan CoordinatorAhead
    {
        get => TimeSpan.FromTicks(Volatile.Read(ref coordinatorAheadTicks));
        set => Volatile.Write(ref coordinatorAheadTicks, value.Ticks);
    }

    /// <summary>Called between the steps of a save with the step's name; a test breaks it there.</summary>
    internal Action<string>? AfterStep { get; set; }

    /// <summary>
    /// Takes the directory and reads its state; a missing directory is made, a missing file is an empty state.
    /// Throws state-in-use, state-directory-unusable, state-file-corrupt.
    /// </summary>
    public static StateStore Open(string directory, TimeProvider clock)
    {
        directory = Path.GetFullPath(directory);
        StateStore store = new(directory, TakeLock(directory), clock);
        try
        {
            store.Current = store.Load();
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Changes a copy of the state and returns when that is safe on the disk. Any thread, one at a time.
    /// Throws state-not-saved; the old state is then still whole, on the disk and in <see cref="Current"/>.
    /// </summary>
    public void Update(Action<NodeState> change)
    {
        lock (gate)
        {
            NodeState state = Current.Copy();
            change(state);
            Save(state);
        }
    }

    /// <summary>The state was saved by a clock that ran ahead; this is the time. Throws state-not-saved.</summary>
    public void ResetSavedAt(DateTimeOffset now)
    {
        lock (gate)
        {
            NodeState state = Current.Copy();
            Write(state, now.ToUnixTimeSeconds());
        }
    }

    void Save(NodeState state) => Write(state, Math.Max(ClockFloor.BestGuess(Current, clock.GetUtcNow(), CoordinatorAhead).ToUnixTimeSeconds(), state.SavedAt));

    void Write(NodeState state, long savedAt)
    {
        state.SavedAt = savedAt;
        try
        {
            AtomicFile.Replace(
                path, bufferSize: 0, file => file.Write(JsonSerializer.SerializeToUtf8Bytes(state, NodeStateJson.Default.NodeState)), AfterStep);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.StateNotSaved.With(path, e.Message).ToException(e);
        }

        Current = state;
        Saves++;
    }

    /// <summary>Lets another process have the directory.</summary>
    public void Dispose() => lockFile.Dispose();

    static FileStream TakeLock(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory, OwnerOnly | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.StateDirectoryUnusable.With(directory, e.Message).ToException(e);
        }

        string lockPath = Path.Combine(directory, "state.lock");
        try
        {
            // FileShare.None is flock(LOCK_EX) here: it goes with the process, however that ends.
            return new FileStream(lockPath, new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, UnixCreateMode = OwnerOnly,
            });
        }
        catch (UnauthorizedAccessException e)
        {
            throw Faults.StateDirectoryUnusable.With(directory, e.Message).ToException(e);
        }
        catch (IOException e)
        {
            // .NET reports a lock held elsewhere as a sharing violation, EWOULDBLOCK in the low bits.
            bool held = (e.HResult & 0xffff) is 11 or 0x20;
            throw (held ? Faults.StateInUse.With(directory) : Faults.StateDirectoryUnusable.With(directory, e.Message)).ToException(e);
        }
    }

    NodeState Load()
    {
        byte[] bytes;
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (file.Length > LargestFile)
            {
                throw Corrupt($"it has {file.Length} bytes, more than any state of ours");
            }

            bytes = new byte[file.Length];
            file.ReadExactly(bytes);
        }
        catch (FileNotFoundException)
        {
            return new NodeState();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.StateDirectoryUnusable.With(directory, e.Message).ToException(e);
        }

        NodeState? state;
        try
        {
            state = JsonSerializer.Deserialize(bytes, NodeStateJson.Default.NodeState);
        }
        catch (JsonException e)
        {
            // The parser's own words may quote the file, and the file holds keys: only the place is told.
            throw Corrupt($"it is not JSON at line {(e.LineNumber ?? 0) + 1}");
        }

        return Check(state);
    }

    NodeState Check(NodeState? state)
    {
        if (state is null)
        {
            throw Corrupt("it is empty");
        }

        if (state.Version != NodeState.CurrentVersion)
        {
            throw Corrupt($"its version is {state.Version}, this build knows {NodeState.CurrentVersion}");
        }

        if (state.MachineKey is not null && !IsKey(state.MachineKey))
        {
            throw Corrupt("its machineKey is not a key");
        }

        if ((state.NodeKey is not null && !IsKey(state.NodeKey)) || (state.NextNodeKey is not null && !IsKey(state.NextNodeKey)))
        {
            throw Corrupt("its nodeKey is not a key");
        }

        if (state.LoginServer is not null && !Uri.TryCreate(state.LoginServer, UriKind.Absolute, out _))
        {
            throw Corrupt("its loginServer is not a URL");
        }

        if (state.ServerKey is not null && !MachinePublicKey.TryParse(state.ServerKey, out _))
        {
            throw Corrupt("its serverKey is not a key");
        }

        if (state.TimestampReserve is not null && !ClockFloor.TryParseReserve(state.TimestampReserve, out _))
        {
            throw Corrupt("its timestampReserve is not a time stamp");
        }

        return state;
    }

    static bool IsKey(string text)
    {
        bool good = NodePrivateKey.TryParse(text, out NodePrivateKey? key);
        key?.Dispose();
        return good;
    }

    FaultException Corrupt(string why) => Faults.StateFileCorrupt.With(path, why).ToException();
}
