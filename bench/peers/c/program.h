/*
 * The main function of a program that runs one of its KERNELS over columns of doubles:
 *
 *   kernels <name> <rows> <columns> <file>
 *
 * The file holds the columns, one after the other, and has room for the results behind them. For each line that comes the loop runs once, its results are
 * written to the file, and the milliseconds of the loop alone are printed.
 */
static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return 1e3 * (double)time.tv_sec + 1e-6 * (double)time.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 5) return 2;
  kernel *run = NULL;
  for (size_t i = 0; i < sizeof KERNELS / sizeof *KERNELS; i++)
    if (strcmp(KERNELS[i].name, argv[1]) == 0) run = KERNELS[i].run;
  long rows = atol(argv[2]), columns = atol(argv[3]);
  int file = open(argv[4], O_RDWR);
  if (run == NULL || rows <= 0 || columns <= 0 || columns > 8 || file < 0) return 2;
  double *data = mmap(NULL, sizeof(double) * (size_t)(rows * (columns + 1)), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (data == MAP_FAILED) return 2;
  /* Pages of a file are no pages of a program: what is measured is memory of its own. */
  const double *in[8];
  for (long i = 0; i < columns; i++) {
    double *column = malloc(sizeof(double) * (size_t)rows);
    if (column == NULL) return 2;
    in[i] = memcpy(column, data + i * rows, sizeof(double) * (size_t)rows);
  }
  double *out = calloc((size_t)rows, sizeof(double));
  if (out == NULL) return 2;
  char line[16];
  while (fgets(line, sizeof line, stdin)) {
    double start = now();
    run(in, out, rows);
    double end = now();
    memcpy(data + columns * rows, out, sizeof(double) * (size_t)rows);
    memset(out, 0, sizeof(double) * (size_t)rows);
    printf("%.6f\n", end - start);
    fflush(stdout);
  }
  return 0;
}
