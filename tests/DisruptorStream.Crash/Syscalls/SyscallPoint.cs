namespace DisruptorStream.Crash.Syscalls;

/// <summary>A call of the system that is spoilt.</summary>
/// <param name="Name">The call, such as pwritev.</param>
/// <param name="Path">Only calls with this file or directory are counted; null for all.</param>
/// <param name="Index">Which of the calls: from 1 on.</param>
/// <param name="Fault">What becomes of it, in strace's words.</param>
internal sealed record SyscallPoint(string Name, string? Path, int Index, string Fault)
{
    /// <summary>Ends the process before the call does anything.</summary>
    public const string Kill = "signal=KILL";

    /// <summary>What strace is told.</summary>
    public IReadOnlyList<string> Options =>
    [
        // Faster, and some releases of strace send no signal then.
        .. Fault == Kill ? (string[])[] : ["--seccomp-bpf"],
        .. Path is null ? (string[])[] : ["-P", Path],
        "-e", $"trace={Name}",
        "-e", $"inject={Name}:{Fault}:when={Index}",
    ];

    /// <summary>The same point of a run that has its files elsewhere.</summary>
    public SyscallPoint At(string from, string to)
    {
        var (before, after) = (Scratch.TopOf(from), Scratch.TopOf(to));
        return Path is null ? this : this with { Path = Path.Replace(before, after, StringComparison.Ordinal) };
    }

    public override string ToString() =>
        $"{Name} {Index}{(Path is null ? "" : $" of {System.IO.Path.GetFileName(Path)}")}, {Fault}";
}
