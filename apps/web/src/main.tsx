import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/app.tsx';
import './app/page.css';

const element = document.getElementById('root');
if (!element) throw new Error('index.html has no #root element.');
createRoot(element).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
