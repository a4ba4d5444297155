using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using DisruptorStream.Sources;
using DisruptorStream.Sources.Files;

namespace DisruptorStream.Tests.Sources.Files;

/// <summary>A directory of files that are written and rotated, and readers of it.</summary>
internal sealed class WrittenFiles : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sources-").FullName;
    private int _rotations;

    /// <summary>The file that is written to.</summary>
    public string Path => PathOf("calls.csv");

    public string PathOf(string name) => System.IO.Path.Combine(_directory, name);

    public void Append(string text) => File.AppendAllText(Path, text);

    public void AppendTo(string name, string text) => File.AppendAllText(PathOf(name), text);

    /// <summary>As logrotate does: the others move on by one, and the file becomes the first.</summary>
    public void Rotate()
    {
        if (!File.Exists(Path))
            return;
        for (var number = _rotations; number > 0; number--)
            File.Move(PathOf(Name(number)), PathOf(Name(number + 1)));
        File.Move(Path, PathOf(Name(1)));
        _rotations++;
    }

    public static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"calls.csv.{number}");

    public FileSource<string> Source(FileSourceOptions? options = null, string name = "calls.csv") => new(
        PathOf(name),
        static (ReadOnlySpan<byte> record, out string parsed) =>
        {
            parsed = Encoding.UTF8.GetString(record);
            return parsed != "bad" ? parsed.Length > 0 : throw new FormatException("It is bad.");
        },
        options ?? new FileSourceOptions { PollInterval = TimeSpan.FromMilliseconds(1) });

    /// <summary>Reads until nothing comes any more.</summary>
    /// <returns>What was read, where it goes on, and whether the source has ended.</returns>
    public static async Task<(List<string> Read, SourcePosition Next, bool HasEnded)> ReadAsync(
        FileSource<string> source,
        SourcePosition from,
        int atOnce = 16,
        int most = int.MaxValue,
        BadRecordPolicy policy = BadRecordPolicy.Stop)
    {
        await using var reader = await source.OpenAsync(from, TestContext.Current.CancellationToken);
        var read = new List<string>();
        while (read.Count < most)
        {
            var batch = new SourceBatch<string>(Math.Min(atOnce, most - read.Count), policy);
            var goesOn = await reader.ReadAsync(batch, TestContext.Current.CancellationToken);
            read.AddRange(batch.Events.ToArray());
            if (!goesOn)
                return (read, reader.Position, true);
            if (batch.Count == 0)
                break;
        }

        return (read, reader.Position, false);
    }

    public static byte[] Frame(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var frame = new byte[bytes.Length + 4];
        BinaryPrimitives.WriteInt32LittleEndian(frame, bytes.Length);
        bytes.CopyTo(frame, 4);
        return frame;
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);
}
