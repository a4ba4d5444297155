using System.Diagnostics;
using System.Reflection;

namespace DisruptorStream.LoadTests.Measuring;

/// <summary>These load tests, or those of another build, in a process of their own.</summary>
internal static class ChildProcess
{
    /// <summary>What starts the load tests of a folder, in the way in which this process was started.</summary>
    public static string[] CommandOf(string folder)
    {
        var self = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(self) == "dotnet"
            ? [self, Path.Combine(folder, Path.GetFileName(Assembly.GetEntryAssembly()!.Location))]
            : [Path.Combine(folder, Path.GetFileName(self))];
    }

    /// <summary>Waits until it ends, or ends it.</summary>
    /// <param name="child">Its output and its errors are redirected.</param>
    /// <param name="patience">How long it may take.</param>
    /// <exception cref="TimeoutException">It took longer.</exception>
    public static (int ExitCode, string Output, string Errors) Finish(Process child, TimeSpan patience)
    {
        try
        {
            var output = child.StandardOutput.ReadToEndAsync();
            var errors = child.StandardError.ReadToEndAsync();
            if (!child.WaitForExit(patience))
            {
                throw new TimeoutException(
                    $"'{child.StartInfo.FileName} {string.Join(' ', child.StartInfo.ArgumentList)}' took more than "
                    + $"{patience.TotalSeconds} s.");
            }

            return (child.ExitCode, output.GetAwaiter().GetResult(), errors.GetAwaiter().GetResult());
        }
        finally
        {
            if (!child.HasExited)
                child.Kill(entireProcessTree: true);
        }
    }
}
