using System;
using System.Globalization;
using System.IO;
using System.Text;
using Microsoft.Extensions.Logging;

namespace MeshIoT.Coordinator;

/// <summary>
/// One line an event on standard error: time, level, text. Control characters are replaced, so that nothing that came from outside
/// can begin a line of its own. Of an exception only its type is told.
/// </summary>
internal sealed class StderrLogger(TextWriter output, TimeProvider time) : ILoggerProvider, ILogger
{
    // The host repeats what the program says of a failed start.
    const string Own = "MeshIoT", Host = "Microsoft.Extensions.Hosting";

    LogLevel lowest = LogLevel.Information;

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith(Own, StringComparison.Ordinal) ? this
        : new StderrLogger(output, time) { lowest = categoryName.StartsWith(Host, StringComparison.Ordinal) ? LogLevel.None : LogLevel.Error };

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel) => logLevel >= lowest && logLevel != LogLevel.None;

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        StringBuilder line = new();
        line.Append(time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)).Append(logLevel switch
        {
            LogLevel.Critical or LogLevel.Error => " error ",
            LogLevel.Warning => " warning ",
            _ => " info ",
        });
        foreach (char c in formatter(state, exception))
        {
            line.Append(char.IsControl(c) ? '?' : c);
        }

        line.Append(exception is null ? "" : $" ({exception.GetType().Name})").Append('\n');
        lock (output)
        {
            output.Write(line.ToString());
            output.Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The writer belongs to the caller.
    }
}
