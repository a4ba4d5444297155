using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using DisruptorStream.Durability;
using DisruptorStream.Durability.Inspection;

namespace DisruptorStream.Cli.State;

/// <summary>Writes a test that handles a recording again, with the recording beside it.</summary>
internal static class ReplayTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <param name="directory">What was recorded.</param>
    /// <param name="file">The file of the test, which must not be there.</param>
    /// <param name="builder">An expression of C# for the last step of the processor's builder.</param>
    /// <param name="options">What of the recording.</param>
    /// <returns>The path of the copy of the recording.</returns>
    /// <exception cref="DurabilityException">The directory is no recording.</exception>
    /// <exception cref="IOException">The file or the copy is there already, or cannot be written.</exception>
    public static string Write(string directory, string file, string builder, ReplayOptions options)
    {
        var name = NameOf(file, builder);
        var copy = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, $"{name}.recording");
        if (File.Exists(file))
            throw new IOException($"There is a file '{file}' already; choose another name.");
        if (Directory.Exists(copy) || File.Exists(copy))
            throw new IOException($"There is a '{copy}' already; choose another name for the test.");
        if (DirectoryState.Read(directory).IsEmpty)
        {
            throw new DurabilityException(
                $"The directory '{directory}' holds no slots: nothing was recorded there, or it is that of something "
                + "else. Name the directory of a durable processor, or a dump of a flight recorder.");
        }

        Directory.CreateDirectory(copy);
        try
        {
            foreach (var part in Directory.GetFiles(directory).Where(IsRecorded))
                File.Copy(part, Path.Combine(copy, Path.GetFileName(part)));
            File.WriteAllText(file, TextOf(name, builder, options));
        }
        catch
        {
            // A copy without its test is in the way of the next try.
            Directory.Delete(copy, recursive: true);
            throw;
        }

        return copy;
    }

    /// <summary>
    /// Whether a file has something to handle again. A spare one has nothing, a temporary one is half written, the lock
    /// is its owner's, and all else is somebody else's.
    /// </summary>
    private static bool IsRecorded(string path) => Path.GetExtension(path) is ".journal" or ".state";

    /// <summary>
    /// A name for the class: not one that the test itself or its processor uses, and no word that is C#'s own, which
    /// have small letters only.
    /// </summary>
    private static string NameOf(string file, string builder)
    {
        var name = LettersOf(file);
        var used = $"{TextOf("", builder, new ReplayOptions())} System FactAttribute";
        while (name.All(char.IsAsciiLetterLower) || Regex.IsMatch(used, $@"\b{name}\b", RegexOptions.None, Patience))
            name = $"Replay_{name}";
        return name;
    }

    private static string LettersOf(string file)
    {
        var name = new StringBuilder();
        foreach (var letter in Path.GetFileNameWithoutExtension(file))
            name.Append(char.IsAsciiLetterOrDigit(letter) || letter == '_' ? letter : '_');
        return name.Length == 0 || char.IsAsciiDigit(name[0]) ? $"Replay{name}" : name.ToString();
    }

    private static string TextOf(string name, string builder, ReplayOptions options)
    {
        var wanted = new List<string>();
        if (options.From > 0)
            wanted.Add(string.Create(CultureInfo.InvariantCulture, $"From = {options.From}"));
        if (options.Until is { } until)
            wanted.Add(string.Create(CultureInfo.InvariantCulture, $"Until = {until}"));
        var asked = wanted.Count == 0 ? "" : $", new ReplayOptions {{ {string.Join(", ", wanted)} }}";
        return $$"""
            using System.IO;
            using System.Runtime.CompilerServices;
            using DisruptorStream.Building.Replays;
            using DisruptorStream.Durability;
            using Xunit;

            /// <summary>
            /// Handles a recording again: what failed when it was made fails here for the same reason. What the results
            /// are is up to the sinks of the builder.
            /// </summary>
            public sealed class {{name}}
            {
                [Fact]
                public void Recording_HandledAgain_IsHandledToItsEnd()
                {
                    var report = Replay.Run(RecordingOf(), {{builder}}{{asked}});

                    Assert.Empty(report.Remarks);
                }

                private static string RecordingOf([CallerFilePath] string file = "") =>
                    Path.Combine(Path.GetDirectoryName(file)!, "{{name}}.recording");
            }

            """;
    }
}
