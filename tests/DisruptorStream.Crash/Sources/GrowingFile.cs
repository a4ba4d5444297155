using System.Globalization;
using System.Text;
using DisruptorStream.Crash.Workloads;

namespace DisruptorStream.Crash.Sources;

/// <summary>A file of readings that another process writes: it grows, by parts of lines too, and is rotated.</summary>
internal sealed class GrowingFile
{
    private const int LinesPerRotation = 1_700;
    private const int MostBytesAtOnce = 4_000;
    private const int PauseMilliseconds = 3;

    private readonly Workload _workload;
    private readonly string _path;
    private readonly Random _random;
    private int _rotations;

    /// <param name="workload">What is written.</param>
    /// <param name="directory">Where the file is.</param>
    public GrowingFile(Workload workload, string directory)
    {
        _workload = workload;
        _path = PathIn(directory);
        _random = new Random(~workload.Seed);
    }

    /// <summary>How often it was rotated.</summary>
    public int Rotations => Volatile.Read(ref _rotations);

    public static string PathIn(string directory) => Path.Combine(directory, "input", "readings.csv");

    public static bool Parse(ReadOnlySpan<byte> line, out Reading reading)
    {
        var fields = Encoding.UTF8.GetString(line).Split(',');
        if (fields is ["ticks", ..])
        {
            reading = default;
            return false;
        }

        reading = new Reading(
            long.Parse(fields[0], CultureInfo.InvariantCulture),
            fields[1],
            int.Parse(fields[2], CultureInfo.InvariantCulture),
            double.Parse(fields[3], CultureInfo.InvariantCulture));
        return true;
    }

    /// <summary>Writes all of it, in its own time.</summary>
    public void Write()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        for (var number = 0; number < _workload.Events;)
        {
            Rotate();
            var text = new StringBuilder("ticks,user,device,value\n");
            for (var line = 0; line < LinesPerRotation && number < _workload.Events; line++, number++)
            {
                var reading = Reading.Of(_workload.Seed, number);
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{reading.Ticks},{reading.User},{reading.Device},{reading.Value}\n");
            }

            WriteParts(Encoding.UTF8.GetBytes(text.ToString()));
        }
    }

    private void WriteParts(ReadOnlySpan<byte> bytes)
    {
        using var file = new FileStream(
            _path, FileMode.CreateNew, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        while (bytes.Length > 0)
        {
            var part = Math.Min(bytes.Length, _random.Next(1, MostBytesAtOnce));
            file.Write(bytes[..part]);
            bytes = bytes[part..];
            Thread.Sleep(_random.Next(PauseMilliseconds));
        }
    }

    private void Rotate()
    {
        if (!File.Exists(_path))
            return;
        for (var number = _rotations; number > 0; number--)
            File.Move($"{_path}.{number}", $"{_path}.{number + 1}");
        File.Move(_path, $"{_path}.1");
        Interlocked.Increment(ref _rotations);
    }
}
