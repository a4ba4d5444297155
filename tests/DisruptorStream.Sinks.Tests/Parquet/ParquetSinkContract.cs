using DisruptorStream.Emission.Durable;
using DisruptorStream.Parquet;
using DisruptorStream.Testing.Contracts;

namespace DisruptorStream.Sinks.Tests.Parquet;

/// <summary>The contract of durable sinks, for files of a directory.</summary>
internal sealed class ParquetSinkContract : DurableSinkContract<string>
{
    private readonly string _directory;

    public ParquetSinkContract(string directory) => _directory = Path.Combine(directory, "results");

    protected override IDurableStore NewSink(Action<string> onStep) =>
        new ParquetSink<string>(_directory) { OnStep = onStep };

    protected override string KeyOf(int index) => $"key {index}";

    protected override ValueTask ResetAsync()
    {
        if (Directory.Exists(_directory))
            Directory.Delete(_directory, recursive: true);
        return default;
    }

    protected override async ValueTask<IReadOnlyList<long>> ReadNumbersAsync() =>
        await ParquetRows.IntegersAsync(_directory, "number");

    protected override ValueTask<Func<ValueTask>> CopyAsync()
    {
        var copies = Directory.GetFiles(_directory).ToDictionary(path => path, File.ReadAllBytes);
        return new(() =>
        {
            foreach (var path in Directory.GetFiles(_directory))
                File.Delete(path);
            foreach (var (path, bytes) in copies)
                File.WriteAllBytes(path, bytes);
            return default;
        });
    }

    protected override ValueTask LoseAsync()
    {
        foreach (var path in Directory.GetFiles(_directory, "*.parquet"))
            File.Delete(path);
        return default;
    }
}
