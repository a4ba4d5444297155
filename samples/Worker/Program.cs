using DisruptorStream.Emission;
using DisruptorStream.Hosting;
using DisruptorStream.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Worker;

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});
builder.Services.AddSingleton(Console.Out);

// Where "Results:Database" names a file, results go to a table of it too, each exactly once.
var database = builder.Configuration["Results:Database"];
builder.Services.AddKeyedSingleton("windows", (_, _) => new SqliteSink<string>(
    $"Data Source={database}", "windows", new SqliteSinkOptions { CreateTables = true }));
builder.Services.AddStreamProcessor<Measurement>("climate", b =>
{
    var step = b
        .Pipeline(measurements => measurements
            .KeyBy(one => one.Room)
            .EventTime(one => one.Time)
            .Measure("celsius", one => one.Celsius)
            .TumblingWindows(TimeSpan.FromMinutes(10))
            .Aggregate(a => a
                .Count("readings")
                .Average("mean", "celsius")
                .StandardDeviation("spread", "celsius")
                .Percentile("p95", 95, "celsius")
                .Max("highest", "celsius")))
        .To<ResultPrinter>()
        .BindConfiguration("Processors:climate");
    return database is null ? step : step.To<SqliteSink<string>>("windows", new AsyncSinkOptions
    {
        FailurePolicy = SinkFailurePolicy.Retry(attempts: 10, delay: TimeSpan.FromSeconds(1)),
    });
});
builder.Services.AddHostedService<MeasurementReplay>();
await builder.Build().RunAsync();
