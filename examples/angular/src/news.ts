// The last headline: a topic as a signal. It is retained, so it is there at once.
import { ChangeDetectionStrategy, Component } from '@angular/core';
import { topicSignal } from 'rxwamp/angular';

@Component({
  selector: 'desk-news',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (headline(); as headline) {
      <p><span class="label">News</span> {{ headline }}</p>
    }
  `,
})
export class News {
  readonly headline = topicSignal<string>('com.example.desk.news', { get_retained: true });
}
