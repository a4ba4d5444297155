using DisruptorStream.Crash.Processes;

namespace DisruptorStream.Crash.Syscalls;

/// <summary>Where runs have their files.</summary>
internal static class Scratch
{
    /// <summary>A new directory, in which runs have their files: not there yet.</summary>
    public static string New()
    {
        // The engine syncs the directory above the one that it makes something in: that is to be of this run too.
        var top = MemoryFolder.New("crash-calls-");
        return Path.Combine(Directory.CreateDirectory(Path.Combine(top, "below")).FullName, "state");
    }

    /// <summary>What strace writes about a run.</summary>
    public static string LogOf(string directory) => Path.Combine(TopOf(directory), "log");

    /// <summary>Makes it as it was before the first run.</summary>
    public static void Clear(string directory)
    {
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
    }

    /// <summary>Deletes all of it.</summary>
    public static void Delete(string directory) => Directory.Delete(TopOf(directory), recursive: true);

    /// <summary>All that the engine touches lies here.</summary>
    public static string TopOf(string directory) => Path.GetDirectoryName(Path.GetDirectoryName(directory))!;
}
