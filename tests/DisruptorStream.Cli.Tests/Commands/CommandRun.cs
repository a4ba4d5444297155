using System.CommandLine;
using System.Text;
using DisruptorStream.Cli.Commands;

namespace DisruptorStream.Cli.Tests.Commands;

/// <summary>Runs the whole command in the process, on files of a folder of its own.</summary>
internal sealed class CommandRun : IDisposable
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("dstream").FullName;

    public string Error { get; private set; } = "";

    public string Text { get; private set; } = "";

    /// <summary>The rows of the results, without the header.</summary>
    public string[] Rows => Text.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];

    public string[] ErrorLines => Error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Whether something is left of a file that was to become the results.</summary>
    public bool HasTemporaryFiles => Directory.EnumerateFiles(_folder, ".dstream-*").Any();

    public string PathOf(string name) => Path.Combine(_folder, name);

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(PathOf(name), bytes);
        return PathOf(name);
    }

    /// <summary>
    /// Aggregates one input over windows of ten seconds by the column "time", in seconds; returns the exit code.
    /// </summary>
    public Task<int> AggregateAsync(string input, string aggregates, params string[] more) => RunAsync(
    [
        "run", input, "--time", "time", "--time-format", "unix-s", "--window", "tumbling:10s", "--aggregate",
        aggregates, .. more,
    ]);

    /// <summary>Runs a command line, its results into a file; returns the exit code.</summary>
    /// <exception cref="TimeoutException">It does not end.</exception>
    public Task<int> RunAsync(string[] arguments) => RunAsAsync([.. arguments, "--output", PathOf("results")]);

    /// <summary>Runs a command line as it is; returns the exit code.</summary>
    /// <exception cref="TimeoutException">It does not end.</exception>
    public async Task<int> RunAsAsync(string[] arguments)
    {
        var output = PathOf("results");
        File.Delete(output);
        await using var error = new StringWriter();
        using var cancellation = new CancellationTokenSource();
        int code;
        try
        {
            code = await Task.Run(() => CommandLine.RunAsync(
                arguments,
                new InvocationConfiguration { Output = error, Error = error, EnableDefaultExceptionHandler = false },
                cancellation.Token)).WaitAsync(Bound);
        }
        finally
        {
            await cancellation.CancelAsync();
        }

        Error = error.ToString();
        Text = File.Exists(output) ? await File.ReadAllTextAsync(output) : "";
        return code;
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
