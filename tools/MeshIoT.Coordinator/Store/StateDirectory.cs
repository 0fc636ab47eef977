using System;
using System.IO;
using MeshIoT.Health;

namespace MeshIoT.Coordinator;

/// <summary>
/// The directory that is the tailnet: <c>coordinator.db</c> and its write-ahead log. Made 0700, files 0600;
/// an exclusive lock keeps a second coordinator out. What is there already is never overwritten.
/// </summary>
internal sealed class StateDirectory : IDisposable
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const UnixFileMode OwnerOnlyDirectory = OwnerOnly | UnixFileMode.UserExecute;
    const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    readonly FileStream held;

    StateDirectory(string path, FileStream held) => (Path, this.held) = (path, held);

    public string Path { get; }

    public string DatabasePath => System.IO.Path.Combine(Path, "coordinator.db");

    /// <summary>True when others than the owner may look into a directory that was there before.</summary>
    public bool IsOpenToOthers => (File.GetUnixFileMode(Path) & Others) != 0;

    /// <summary>Takes the directory for this process.</summary>
    /// <exception cref="FaultException">It cannot be made or written, or another coordinator has it.</exception>
    public static StateDirectory Take(string path)
    {
        path = System.IO.Path.GetFullPath(path);
        FileStream held;
        try
        {
            if (!Directory.Exists(path))
            {
                Directory.CreateDirectory(path, OwnerOnlyDirectory);
            }

            Create(System.IO.Path.Combine(path, "lock"));
            Create(System.IO.Path.Combine(path, "coordinator.db"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Faults.StateNotWritable.With(path, Reason(e)).ToException(e);
        }

        try
        {
            held = new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw Faults.StateNotWritable.With(path, Reason(e)).ToException(e);
        }
        catch (IOException e)
        {
            throw Faults.StateBusy.With(path).ToException(e);
        }

        return new StateDirectory(path, held);
    }

    public void Dispose() => held.Dispose();

    // SQLite gives its log and shared-memory files the mode of the database.
    static void Create(string file)
    {
        if (!File.Exists(file))
        {
            using FileStream made = new(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        }
    }

    static string Reason(Exception e) => e switch
    {
        UnauthorizedAccessException => "no permission",
        DirectoryNotFoundException => "its parent is missing",
        _ => "the system refused it",
    };
}
