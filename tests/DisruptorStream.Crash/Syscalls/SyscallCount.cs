using System.Text.RegularExpressions;

namespace DisruptorStream.Crash.Syscalls;

/// <summary>Finds the calls of the system that one run makes to its directory, and how strace can pick each.</summary>
/// <remarks>
/// The calls that write, sync, rename and delete are the engine's alone: a run in which the runtime makes one too is
/// refused, as the numbers would be wrong. Files are opened by the runtime too; there calls are counted by path.
/// strace counts the calls of each thread. So a call can be picked by a number that no other thread has reached by
/// then, among all calls of its name or those to its path; the few for which there is none are counted and told.
/// </remarks>
internal sealed partial class SyscallCount
{
    private const string Open = "openat";

    private static readonly string[] Counted =
        ["pwritev", "pwrite64", "fdatasync", "fsync", "rename", "renameat", "renameat2", "ftruncate", "fallocate",
            "unlink", "unlinkat"];

    private static readonly string[] Faults = [SyscallPoint.Kill, "error=EIO", "error=ENOSPC"];

    private readonly List<Call> _calls = [];

    /// <param name="log">What strace wrote.</param>
    /// <param name="directory">Where the run had its files.</param>
    /// <exception cref="InvalidDataException">Calls of others are among them.</exception>
    public SyscallCount(IEnumerable<string> log, string directory)
    {
        foreach (var line in log)
        {
            if (Pattern().Match(line) is not { Success: true } match)
                continue;
            var (thread, name) = (match.Groups["thread"].Value, match.Groups["name"].Value);
            var path = match.Groups["path"].Value;
            var isOurs = path.StartsWith(Scratch.TopOf(directory), StringComparison.Ordinal);
            if (isOurs)
                _calls.Add(new Call(thread, name, path, line.Contains("O_CREAT", StringComparison.Ordinal)));
            else if (name != Open)
                throw new InvalidDataException($"This is not a call of the engine: {line}");
        }

        foreach (var (at, call) in _calls.Index())
        {
            if (call.Name == Open && !call.Creates)
                continue;
            if (PointOf(at) is { } point)
                Points.AddRange(Faults.Select(fault => point with { Fault = fault }));
            else
                Unpicked++;
        }
    }

    /// <summary>What strace is told for a run that is only looked at.</summary>
    public static IReadOnlyList<string> Options => ["--seccomp-bpf", "-e", $"trace={Open},{string.Join(',', Counted)}"];

    /// <summary>All points of the run, in its order.</summary>
    public List<SyscallPoint> Points { get; } = [];

    /// <summary>How many calls cannot be picked.</summary>
    public int Unpicked { get; }

    private SyscallPoint? PointOf(int at)
    {
        var call = _calls[at];
        if (call.Name != Open && IndexOf(at, one => one.Name == call.Name) is { } index)
            return new SyscallPoint(call.Name, null, index, "");
        return IndexOf(at, one => one.Name == call.Name && one.Path == call.Path) is { } ofPath
            ? new SyscallPoint(call.Name, call.Path, ofPath, "")
            : null;
    }

    /// <summary>The number of a call among those of its thread; null where another thread gets there first.</summary>
    private int? IndexOf(int at, Predicate<Call> counts)
    {
        var reached = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var call in _calls.Take(at + 1).Where(call => counts(call)))
            reached[call.Thread] = reached.GetValueOrDefault(call.Thread) + 1;
        var index = reached[_calls[at].Thread];
        return reached.Values.Count(count => count >= index) == 1 ? index : null;
    }

    [GeneratedRegex("^(?<thread>\\d+) +(?<name>[a-z0-9]+)\\((AT_FDCWD[^,]*, )?(\\d+<|\")(?<path>[^>\"]*)")]
    private static partial Regex Pattern();

    private sealed record Call(string Thread, string Name, string Path, bool Creates);
}
