using System;
using System.Collections.Generic;
using System.Text;

namespace MeshIoT.Linux.Processes;

/// <summary>
/// A program run in a session of its own, without a shell, with nothing but what is given: its input is /dev/null, its output and errors come through
/// pipes, no other descriptor is open in it, no signal is blocked or ignored. Whatever it starts and does not itself put into another session ends with
/// <see cref="Kill"/>. posix_spawn(3).
/// </summary>
public sealed unsafe class ChildProcess : IDisposable
{
    // Larger than the opaque types of any C library; glibc's are 80 and 336 bytes, its sets of signals 128.
    const int ActionsSize = 256, AttributesSize = 1024, SignalsSize = 128;

    // spawn.h: set signals to default, set the mask, new session.
    const short Flags = 0x04 | 0x08 | 0x80;

    readonly Descriptor output, errors;
    readonly Descriptor? exit;
    bool isReaped;

    ChildProcess(int id, Descriptor output, Descriptor errors)
    {
        (Id, this.output, this.errors) = (id, output, errors);
        nint number = Libc.SystemCall(Libc.SYS_pidfd_open, id, 0);
        exit = number >= 0 ? new Descriptor((int)number) : null;
    }

    /// <summary>Its process id, and that of its session and group.</summary>
    public int Id { get; }

    /// <summary>What it prints, for a <see cref="Poller"/>.</summary>
    public int Output => output.Number;

    /// <summary>What it prints on its error output, for a <see cref="Poller"/>.</summary>
    public int Errors => errors.Number;

    /// <summary>For a <see cref="Poller"/>: ready when it has ended; -1 on kernels before 5.3, which is never ready.</summary>
    public int Exit => exit?.Number ?? -1;

    /// <summary>Starts a program.</summary>
    /// <param name="command">The program, looked for along PATH when its name has no slash, and its arguments.</param>
    /// <param name="directory">Where it runs; null: where this program does.</param>
    /// <param name="environment">All of its environment, as NAME=VALUE.</param>
    /// <param name="trouble">What the system says when it cannot be started.</param>
    /// <returns>Null when it cannot be started.</returns>
    public static ChildProcess? Start(IReadOnlyList<string> command, string? directory, IReadOnlyList<string> environment, out string trouble)
    {
        trouble = "";
        int* outs = stackalloc int[2], errs = stackalloc int[2];
        if (Libc.Pipe(outs, Libc.O_CLOEXEC) < 0)
        {
            trouble = Errno.Text(Errno.Last);
            return null;
        }

        Descriptor output = new(outs[0]);
        using Descriptor outputEnd = new(outs[1]);
        if (Libc.Pipe(errs, Libc.O_CLOEXEC) < 0)
        {
            trouble = Errno.Text(Errno.Last);
            output.Dispose();
            return null;
        }

        Descriptor errors = new(errs[0]);
        using Descriptor errorsEnd = new(errs[1]);
        _ = Libc.FileControl(output, Libc.F_SETFL, Libc.O_NONBLOCK);
        _ = Libc.FileControl(errors, Libc.F_SETFL, Libc.O_NONBLOCK);
        int id;
        int errno = Spawn(command, directory, environment, outs[1], errs[1], &id);
        if (errno == 0)
        {
            return new ChildProcess(id, output, errors);
        }

        trouble = Errno.Text(errno);
        output.Dispose();
        errors.Dispose();
        return null;
    }

    /// <summary>Reads what it has printed; 0: it will print no more, -1: nothing now.</summary>
    public int ReadOutput(Span<byte> buffer) => Read(output, buffer);

    /// <summary>Reads what it has printed on its error output; 0: it will print no more, -1: nothing now.</summary>
    public int ReadErrors(Span<byte> buffer) => Read(errors, buffer);

    /// <summary>Whether it has ended; its id stays its own, so that <see cref="Kill"/> still reaches what it has left running.</summary>
    public bool IsOver
    {
        get
        {
            // struct siginfo: 128 bytes, the signal's number first; 0 when nobody has ended.
            int* information = stackalloc int[32];
            information[0] = 0;
            return isReaped || Libc.WaitId(Libc.P_PID, Id, information, Libc.WEXITED | Libc.WNOHANG | Libc.WNOWAIT) < 0 || information[0] != 0;
        }
    }

    /// <summary>Whether it has ended and is done with; then its exit code, or 128 plus the signal that ended it, as a shell has it.</summary>
    public bool HasEnded(out int code)
    {
        code = 0;
        int status = 0;
        int ended = isReaped ? -1 : Libc.WaitFor(Id, &status, Libc.WNOHANG);
        if (ended == 0)
        {
            return false;
        }

        // Below 0: somebody else has waited for it, and its code is not known.
        isReaped = true;
        code = ended < 0 ? 0 : (status & 0x7F) == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F);
        return true;
    }

    /// <summary>Ends it and all of its session's first group. Its id stays its own until <see cref="HasEnded"/> has said so, and so cannot hit a stranger.</summary>
    public void Kill()
    {
        if (!isReaped)
        {
            _ = Libc.Kill(-Id, Libc.SIGKILL);
        }
    }

    /// <summary>Closes the pipes. Somebody must have waited for it.</summary>
    public void Dispose()
    {
        output.Dispose();
        errors.Dispose();
        exit?.Dispose();
    }

    static int Read(Descriptor descriptor, Span<byte> buffer)
    {
        fixed (byte* first = buffer)
        {
            nint length = Libc.Read(descriptor, first, (nuint)buffer.Length);
            return length >= 0 ? (int)length : Errno.Last is Errno.EAGAIN or Errno.EINTR ? -1 : 0;
        }
    }

    static int Spawn(IReadOnlyList<string> command, string? directory, IReadOnlyList<string> environment, int outputEnd, int errorsEnd, int* id)
    {
        byte* actions = stackalloc byte[ActionsSize], attributes = stackalloc byte[AttributesSize], none = stackalloc byte[SignalsSize], all = stackalloc byte[SignalsSize];
        new Span<byte>(none, SignalsSize).Clear();
        new Span<byte>(all, SignalsSize).Fill(0xFF);
        byte[] texts = Texts(command, environment, directory, out int[] starts);
        byte** pointers = stackalloc byte*[starts.Length + 2];
        int errno;
        fixed (byte* text = texts, nothing = "/dev/null\0"u8)
        {
            // Arguments, null, environment, null; the directory is the last text.
            int count = 0;
            for (int i = 0; i < starts.Length; i++)
            {
                if (i == command.Count)
                {
                    pointers[count++] = null;
                }

                pointers[count++] = i < command.Count + environment.Count ? text + starts[i] : null;
            }

            pointers[count] = null;
            _ = Libc.SpawnActionsInit(actions);
            _ = Libc.SpawnAttributesInit(attributes);
            errno = Libc.SpawnActionsOpen(actions, 0, nothing, Libc.O_RDONLY, 0);
            errno = errno != 0 ? errno : Libc.SpawnActionsDuplicate(actions, outputEnd, 1);
            errno = errno != 0 ? errno : Libc.SpawnActionsDuplicate(actions, errorsEnd, 2);
            errno = errno != 0 ? errno : CloseOthers(actions);
            errno = errno != 0 || directory is null ? errno : Libc.SpawnActionsChangeDirectory(actions, text + starts[^1]);
            errno = errno != 0 ? errno : Libc.SpawnAttributesFlags(attributes, Flags);
            errno = errno != 0 ? errno : Libc.SpawnAttributesMask(attributes, none);
            errno = errno != 0 ? errno : Libc.SpawnAttributesDefaults(attributes, all);
            errno = errno != 0 ? errno : Libc.Spawn(id, text + starts[0], actions, attributes, pointers, pointers + command.Count + 1);
            _ = Libc.SpawnActionsDestroy(actions);
            _ = Libc.SpawnAttributesDestroy(attributes);
        }

        return errno;
    }

    // Ours close by themselves; what this program inherited from its own parent may not.
    static int CloseOthers(byte* actions)
    {
        try
        {
            return Libc.SpawnActionsCloseFrom(actions, 3);
        }
        catch (EntryPointNotFoundException)
        {
            return 0;
        }
    }

    static byte[] Texts(IReadOnlyList<string> command, IReadOnlyList<string> environment, string? directory, out int[] starts)
    {
        List<byte> bytes = [];
        List<int> at = [];
        foreach (IEnumerable<string> group in (IEnumerable<string>[])[command, environment, [directory ?? ""]])
        {
            foreach (string text in group)
            {
                at.Add(bytes.Count);
                bytes.AddRange(Encoding.UTF8.GetBytes(text.Replace("\0", "", StringComparison.Ordinal)));
                bytes.Add(0);
            }
        }

        starts = [.. at];
        return [.. bytes];
    }
}
