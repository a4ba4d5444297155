using BenchmarkDotNet.Attributes;
using DisruptorStream.Cli.Input;
using DisruptorStream.Cli.Input.Records;

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
        Scan(_csv, "time,host,note,latency,more"u8);
        _csv.ReadHeader("time,host,note,latency,more"u8);
        _jsonLines = RecordFormat.Create(InputFormat.Ndjson, names);
        _fields = new FieldTable(names.Length);
    }

    [Benchmark]
    public string? Csv()
    {
        Scan(_csv, _record);
        return _csv.Read(_record, 1, _fields);
    }

    [Benchmark]
    public string? JsonLines() => _jsonLines.Read(_json, 1, _fields);

    private static void Scan(RecordFormat format, ReadOnlySpan<byte> record)
    {
        format.Scanner.Reset();
        format.Scanner.Scan(record, isAtEnd: true);
    }
}
