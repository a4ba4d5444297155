using System.Text.Json;
using DisruptorStream.Emission.Durable;
using DisruptorStream.Emission.Files;
using DisruptorStream.Testing.Contracts;

namespace DisruptorStream.Tests.Emission.Files;

/// <summary>The contract of durable sinks, for files of a directory.</summary>
public sealed class FileSinkContract : DurableSinkContract<string>
{
    private readonly string _directory;
    private readonly string _path;
    private readonly FileSinkFormat _format;

    public FileSinkContract(string directory, FileSinkFormat format)
    {
        _directory = directory;
        _format = format;
        _path = Path.Combine(directory, format == FileSinkFormat.Csv ? "results.csv" : "results.ndjson");
    }

    protected override IDurableStore NewSink(Action<string> onStep) => new FileSink<string>(_path) { OnStep = onStep };

    protected override string KeyOf(int index) => $"key \"{index}\", and\nmore";

    protected override ValueTask ResetAsync()
    {
        foreach (var file in Directory.GetFiles(_directory))
            File.Delete(file);
        return default;
    }

    protected override ValueTask<IReadOnlyList<long>> ReadNumbersAsync()
    {
        if (!File.Exists(_path))
            return new([]);
        if (_format == FileSinkFormat.Ndjson)
        {
            return new([.. File.ReadLines(_path)
                .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("number").GetInt64())]);
        }

        // The keys hold ends of lines.
        return new([.. File.ReadAllText(_path).Split('\n')
            .Where(line => line.StartsWith("checks,", StringComparison.Ordinal))
            .Select(line => long.Parse(line.Split(',')[1], System.Globalization.CultureInfo.InvariantCulture))]);
    }

    protected override ValueTask<Func<ValueTask>> CopyAsync()
    {
        var copies = Directory.GetFiles(_directory).ToDictionary(path => path, File.ReadAllBytes);
        return new(() =>
        {
            foreach (var (path, bytes) in copies)
                File.WriteAllBytes(path, bytes);
            return default;
        });
    }

    protected override ValueTask LoseAsync()
    {
        File.Delete(_path);
        return default;
    }
}
