using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Threading.Tasks;
using MeshIoT.Health;

namespace MeshIoT.Cli;

/// <summary>meshiot: the command line. Composition only; each command is a file in Commands/.</summary>
internal static class Program
{
    static Task<int> Main(string[] args) => RunAsync(args);

    /// <summary>The whole program, as tests call it.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        ParseResult parsed = Root.Build().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (ParseError error in parsed.Errors)
            {
                Console.Error.WriteLine($"meshiot: usage: {error.Message}");
            }

            Console.Error.WriteLine($"See: {Root.HelpHint(parsed)}");
            return ExitCodes.Usage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }
}
