namespace DisruptorStream.LoadTests.Pairs;

/// <summary>A build of the load tests, with its engine, that can run a workload.</summary>
internal abstract class Build
{
    public const string AssemblyName = "DisruptorStream.LoadTests";

    /// <summary>How often it is loaded for the pairs of one workload.</summary>
    public abstract int Loadings { get; }

    /// <summary>Runs of a loading that nobody counts, before those that are measured.</summary>
    public abstract int WarmUps { get; }

    /// <summary>What is missing for a folder to be one that a build was written to; null when nothing is.</summary>
    public static string? ProblemOf(string folder)
    {
        foreach (var file in new[] { $"{AssemblyName}.dll", "DisruptorStream.dll" })
        {
            if (!File.Exists(Path.Combine(folder, file)))
                return $"there is no {file} in '{folder}'";
        }

        return LoadedBuild.IsOptimized(folder)
            ? null
            : $"the DisruptorStream.dll in '{folder}' is not optimized: build it with -c Release";
    }

    /// <summary>
    /// Both builds, measured in the same way: in this process where both have an entry, otherwise in short processes.
    /// </summary>
    public static (Build Before, Build After) PairOf(string before, string after) =>
        LoadedBuild.HasEntry(before) && LoadedBuild.HasEntry(after)
            ? (new LoadedBuild(before), new LoadedBuild(after))
            : (new ChildBuild(before), new ChildBuild(after));

    /// <returns>What runs the workload once; null when the build does not have the workload.</returns>
    public abstract Func<PairRun>? Prepare(string work, ExecutionMode mode, int events);
}
