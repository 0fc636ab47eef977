using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using MeshIoT.Health;

namespace MeshIoT.Cli.Output;

/// <summary>Lets a person edit a text with the editor of VISUAL or EDITOR, in a file of their own that goes afterwards.</summary>
internal sealed class TextEditor : IDisposable
{
    readonly string path;
    bool keeps;

    /// <summary>Writes <paramref name="text"/> where only this user can read it.</summary>
    public TextEditor(string text, string extension)
    {
        path = Path.Combine(Directory.CreateTempSubdirectory("meshiot-").FullName, "edit" + extension);
        File.WriteAllText(path, text);
    }

    /// <summary>The text as it is when the editor has ended.</summary>
    /// <exception cref="FaultException">There is no editor, or it failed.</exception>
    public async Task<string> EditAsync()
    {
        string? editor = Environment.GetEnvironmentVariable("VISUAL") is { Length: > 0 } visual ? visual : Environment.GetEnvironmentVariable("EDITOR");
        if (string.IsNullOrEmpty(editor))
        {
            throw Faults.EditorFailed.With("neither VISUAL nor EDITOR names one").ToException();
        }

        // The variable may hold arguments: it is the shell's to read, the path is not.
        using Process? process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", editor + " \"$1\"", "sh", path]));
        await (process?.WaitForExitAsync() ?? Task.CompletedTask);
        return process is { ExitCode: 0 } ? TextFile.Read(path) : throw Faults.EditorFailed.With("it ended with an error").ToException();
    }

    /// <summary>Leaves the file where it is.</summary>
    public string Keep()
    {
        keeps = true;
        return path;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!keeps)
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }
}
