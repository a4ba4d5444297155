using System.Globalization;
using DisruptorStream.Emission;

namespace Worker;

/// <summary>Prints each result as a line of CSV, with all digits.</summary>
internal sealed class ResultPrinter : IResultSink<string>
{
    private readonly TextWriter _output;
    private bool _hasHeader;

    public ResultPrinter(TextWriter output) => _output = output;

    public void OnResults(ResultBatch<string> batch)
    {
        if (!_hasHeader)
            _output.WriteLine($"room,window,{string.Join(',', batch.Schema.Names)}");
        _hasHeader = true;
        foreach (var result in batch)
        {
            _output.Write(string.Create(CultureInfo.InvariantCulture, $"{result.Key},{result.WindowStart:HH:mm}"));
            for (var column = 0; column < result.ValueCount; column++)
                _output.Write(string.Create(CultureInfo.InvariantCulture, $",{result[column]:R}"));
            _output.WriteLine();
        }
    }
}
