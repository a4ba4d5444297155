using BenchmarkDotNet.Attributes;
using DisruptorStream.Cli.Input;

namespace DisruptorStream.Benchmarks;

/// <summary>Finding the fields of one record of text.</summary>
[MemoryDiagnoser]
public class ParseBenchmarks
{
    private readonly byte[] _record =
        "1700000000000,host-17,\"quoted, with a comma\",412.25,plain text that nobody asks for"u8.ToArray();

    private readonly byte[] _json =
        """{"time":1700000000000,"host":"host-17","latency":412.25,"note":"nobody asks for it"}"""u8.ToArray();

    private RecordFormat _csv = null!;
    private RecordFormat _jsonLines = null!;
    private FieldTable _fields = null!;

    [GlobalSetup]
    public void Build()
    {
        string[] names = ["time", "host", "latency"];
        _csv = RecordFormat.Create(InputFormat.Csv, names);
        _csv.ReadHeader("time,host,note,latency,more"u8);
        _jsonLines = RecordFormat.Create(InputFormat.Ndjson, names);
        _fields = new FieldTable(names.Length);
    }

    [Benchmark]
    public string? Csv() => _csv.Read(_record, _fields);

    [Benchmark]
    public string? JsonLines() => _jsonLines.Read(_json, _fields);
}
