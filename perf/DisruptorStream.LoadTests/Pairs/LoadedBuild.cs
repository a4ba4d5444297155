using System.Diagnostics;
using System.Reflection;
using System.Runtime.Loader;

namespace DisruptorStream.LoadTests.Pairs;

/// <summary>A build that runs in this process, apart from the other.</summary>
internal sealed class LoadedBuild : Build
{
    private readonly string _folder;

    public LoadedBuild(string folder) => _folder = Path.GetFullPath(folder);

    /// <summary>As <see cref="BuildEntry.Prepare"/>.</summary>
    private delegate Func<(double Seconds, long Events, long Results, ulong Digest, long AllocatedBytes)>? Entry(
        string work, string mode, int events);

    public override int Loadings => 2;

    public override int WarmUps => 4;

    public static bool HasEntry(string folder) => EntryOf(Path.GetFullPath(folder)) is not null;

    public static bool IsOptimized(string folder)
    {
        var engine = new Context(Path.GetFullPath(folder)).LoadFromAssemblyName(new AssemblyName("DisruptorStream"));
        return engine.GetCustomAttribute<DebuggableAttribute>() is not { IsJITOptimizerDisabled: true };
    }

    /// <remarks>
    /// Each workload loads the build anew, so that the compiler knows its code from this workload alone, whatever ran
    /// before.
    /// </remarks>
    public override Func<PairRun>? Prepare(string work, ExecutionMode mode, int events)
    {
        var entry = EntryOf(_folder)
            ?? throw new InvalidOperationException($"The build in '{_folder}' has no {nameof(BuildEntry)}.");
        if (entry(work, mode.ToString(), events) is not { } run)
            return null;
        return () =>
        {
            var (seconds, done, results, digest, allocated) = run();
            return new PairRun(seconds, done, results, digest, allocated);
        };
    }

    /// <returns>Null when it is missing, or has another signature.</returns>
    private static Entry? EntryOf(string folder)
    {
        var method = new Context(folder).LoadFromAssemblyName(new AssemblyName(AssemblyName))
            .GetType(typeof(BuildEntry).FullName!)?
            .GetMethod(nameof(BuildEntry.Prepare), [typeof(string), typeof(string), typeof(int)]);
        return (Entry?)(method is null
            ? null
            : Delegate.CreateDelegate(typeof(Entry), method, throwOnBindFailure: false));
    }

    /// <summary>Takes what is in the build's folder from there, and the rest from the runtime that all share.</summary>
    private sealed class Context : AssemblyLoadContext
    {
        private readonly string _folder;

        public Context(string folder)
            : base(folder) => _folder = folder;

        protected override Assembly? Load(AssemblyName assemblyName)
        {
            var path = Path.Combine(_folder, $"{assemblyName.Name}.dll");
            return File.Exists(path) ? LoadFromAssemblyPath(path) : null;
        }
    }
}
